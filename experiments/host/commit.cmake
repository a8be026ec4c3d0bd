# Writes OUT with the commit of SOURCE, "-changed" behind it if tracked files differ from it (reports
# are written by the program itself and do not count), "unknown" where there is no git.
# Beside it the commit that last changed the margins of the paper's claims.
set(commit unknown)
set(claims unknown)
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
    execute_process(COMMAND ${git} -C ${SOURCE} log -1 --abbrev=10 --format=%h -- paper/claims.lua
      OUTPUT_VARIABLE claims OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${git} -C ${SOURCE} diff --quiet HEAD -- paper/claims.lua
      ERROR_QUIET RESULT_VARIABLE changed)
    if(changed)
      string(APPEND claims "-changed")
    endif()
  endif()
endif()
file(WRITE ${OUT}.new "#define SYNLAB_COMMIT \"${commit}\"\n"
  "#define SYNLAB_CLAIMS_COMMIT \"${claims}\"\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUT}.new ${OUT})
