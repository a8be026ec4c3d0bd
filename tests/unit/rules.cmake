syn_test(test_sandbox unit unit/test_sandbox.c LINK syn_policies)
syn_test(test_rules contract unit/test_rules.c contract/contract.c LINK syn_policies m)

# The program: commands, and every snippet of docs/writing-rules.md.
if(TARGET synlab)
  add_test(NAME host.rules COMMAND ${PROJECT_SOURCE_DIR}/tests/rules/cli.sh $<TARGET_FILE:synlab>
    ${PROJECT_BINARY_DIR})
  add_test(NAME lua.writing_rules COMMAND ${CMAKE_COMMAND} -E env SYNLAB=$<TARGET_FILE:synlab>
    $<TARGET_FILE:synlab> run tests/rules/docs.lua)
  set_tests_properties(host.rules PROPERTIES LABELS host TIMEOUT 300)
  set_tests_properties(lua.writing_rules PROPERTIES LABELS lua TIMEOUT 300
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endif()
