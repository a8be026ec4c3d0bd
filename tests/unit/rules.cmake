syn_test(test_sandbox unit unit/test_sandbox.c LINK syn_policies)
syn_test(test_determinism contract unit/test_determinism.c LINK syn_policies m)
syn_test(test_rule_check unit unit/test_rule_check.c LINK syn_policies m)
syn_test(test_rules contract unit/test_rules.c contract/contract.c LINK syn_policies m)
if(TARGET synlab)
  add_test(NAME host.rules COMMAND ${PROJECT_SOURCE_DIR}/tests/rules/cli.sh $<TARGET_FILE:synlab>
    ${PROJECT_BINARY_DIR})
  set_tests_properties(host.rules PROPERTIES LABELS host)
endif()
