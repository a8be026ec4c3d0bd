# Writes OUT with the commit of SOURCE, "-changed" behind it if tracked files differ from it (reports
# are written by the program itself and do not count), "unknown" where there is no git.
set(commit unknown)
find_program(git git)
if(git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=10 HEAD
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit ${head})
    execute_process(COMMAND ${git} -C ${SOURCE} diff --quiet HEAD -- . ":!reports"
      ERROR_QUIET RESULT_VARIABLE changed)
    if(changed)
      string(APPEND commit "-changed")
    endif()
  endif()
endif()
file(WRITE ${OUT}.new "#define SYNLAB_COMMIT \"${commit}\"\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUT}.new ${OUT})
