syn_test(test_random unit unit/test_random.c LINK syn_numeric m)
syn_test(test_numeric unit unit/test_numeric.c LINK syn_numeric m)
syn_test(test_kernels unit unit/test_kernels.c LINK syn_numeric m)
syn_test(test_lattice unit unit/test_lattice.c LINK syn_net m)
