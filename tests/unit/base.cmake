syn_test(test_base unit unit/test_base.c LINK syn_base)
