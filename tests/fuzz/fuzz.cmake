# Fixed numbers of inputs, so that a test run ends; see run.sh for longer ones.
foreach(target images png idx policy)
  add_test(NAME fuzz.${target} COMMAND ${PROJECT_SOURCE_DIR}/tests/fuzz/run.sh ${PROJECT_SOURCE_DIR}
    ${PROJECT_BINARY_DIR}/fuzz fuzz_${target} 10000)
  set_tests_properties(fuzz.${target} PROPERTIES LABELS fuzz SKIP_RETURN_CODE 77)
endforeach()
