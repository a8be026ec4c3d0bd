syn_test(test_train unit unit/test_train.c LINK syn_policies m)
syn_test(test_checkpoint unit unit/test_checkpoint.c LINK syn_policies m)
syn_test(test_reward unit unit/test_reward.c LINK syn_test_models syn_policies m)
syn_test(contract_models contract contract/models.c LINK syn_test_models syn_net m)
