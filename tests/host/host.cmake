if(TARGET synlab)
  add_test(NAME host.cli COMMAND ${PROJECT_SOURCE_DIR}/tests/host/cli.sh $<TARGET_FILE:synlab>
    ${PROJECT_BINARY_DIR})
  set_tests_properties(host.cli PROPERTIES LABELS host TIMEOUT 300)
endif()
