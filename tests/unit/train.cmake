syn_test(test_train unit unit/test_train.c LINK syn_policies m)
