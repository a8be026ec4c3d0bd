add_test(NAME library.example COMMAND ${PROJECT_SOURCE_DIR}/tests/library/library.sh
  ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set(sanitizers $<$<BOOL:${SYNLAB_SANITIZE}>:-fsanitize=address$<COMMA>undefined>)
set_tests_properties(library.example PROPERTIES LABELS host
  ENVIRONMENT "CC=${CMAKE_C_COMPILER};CFLAGS=${sanitizers}")
