if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  syn_test(test_avxvnni unit unit/test_avxvnni.c LINK syn_numeric)
  target_compile_options(test_avxvnni PRIVATE -mavx512f -mavx512vl -mavx512vnni)
endif()
