# Looked up again: imported targets are known only below the folder that made them.
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LIBPNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
foreach(name test_images test_images_grey test_damage test_idx test_idx_names test_memory test_trees
    test_links test_names test_kinds test_whole)
  syn_test(${name} unit unit/${name}.c unit/sets.c unit/trees.c
    LINK syn_data PkgConfig::LIBARCHIVE PkgConfig::LIBPNG PkgConfig::ZLIB)
endforeach()
syn_test(test_split unit unit/test_split.c LINK syn_data m)
syn_test(test_layout unit unit/test_layout.c LINK syn_data)

# Without the authors' images (SYNLAB_NOTMNIST=.../notMNIST_small.tar.gz) their test skips aloud.
