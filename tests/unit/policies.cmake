syn_test(test_qvalues unit unit/test_qvalues.c LINK syn_policies)
syn_test(test_policies unit unit/test_policies.c LINK syn_policies)
syn_test(test_policy_qtable unit unit/test_policy_qtable.c contract/contract.c LINK syn_policies)
syn_test(test_policy_explore unit unit/test_policy_explore.c contract/contract.c LINK syn_policies)
syn_test(contract_policies contract contract/policies.c contract/contract.c LINK syn_policies)

# The authors' published table is no part of the project: SYNLAB_AUTHORS_POLICY says where it is.
syn_test(test_authors_policy unit unit/test_authors_policy.c LINK syn_policies)
set_tests_properties(unit.test_authors_policy PROPERTIES SKIP_RETURN_CODE 77)
syn_test(test_defaults golden unit/test_defaults.c LINK syn_policies)
