# Writes OUT with the commit of SOURCE, "-changed" behind it if tracked files differ from it (reports
# are written by the program itself and do not count), "unknown" where SOURCE is in no commit: without
# git, or as an archive that was unpacked inside of someone else's checkout.
# Beside it the SWHID of the source tree, which is git's own hash of it; none if files differ from it.
# And the commit that last changed the margins of the paper's claims.
set(commit unknown)
set(claims unknown)
set(swhid "")

# git WORDS...: its answer in `answer`, its exit status in `failed`
find_program(git git)
macro(git)
  execute_process(COMMAND ${git} -C ${SOURCE} ${ARGN}
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
endmacro()

if(git)
  git(rev-parse HEAD:./)
  set(tree "${answer}")
  if(NOT failed)
    git(rev-parse --short=10 HEAD)
    set(commit ${answer})
    git(diff --quiet HEAD -- . ":!reports")
    string(LENGTH "${tree}" digits) # a repository of SHA-256 has names that are no SWHID
    if(failed)
      string(APPEND commit "-changed")
    elseif(digits EQUAL 40)
      set(swhid "swh:1:dir:${tree}")
    endif()
    git(log -1 --abbrev=10 --format=%h -- paper/claims.lua)
    set(claims ${answer})
    git(diff --quiet HEAD -- paper/claims.lua)
    if(failed)
      string(APPEND claims "-changed")
    endif()
  endif()
endif()
file(WRITE ${OUT}.new "#define SYNLAB_COMMIT \"${commit}\"\n"
  "#define SYNLAB_SWHID \"${swhid}\"\n"
  "#define SYNLAB_CLAIMS_COMMIT \"${claims}\"\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUT}.new ${OUT})
