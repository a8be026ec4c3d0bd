# Writes OUT with the commit of SOURCE, "-changed" behind it if tracked files differ from it (reports
# are written by the program itself and do not count), "unknown" where SOURCE is in no commit: without
# git, or as an archive that was unpacked inside of someone else's checkout.
# Beside it the SWHID of the source tree, which is git's own hash of it; none if files differ from it.
# And the commit that last changed the margins of the paper's claims.
# Beside OUT, in scripts.h, the scripts that the program reads when it runs, with their digests: they may be
# others by then (script/sources.c).
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

set(scripts "")
if(git AND NOT commit STREQUAL unknown) # a user's own, which git does not know, change nothing
  git(ls-files -- experiments paper policies)
  string(REPLACE "\n" ";" scripts "${answer}")
else()
  file(GLOB_RECURSE scripts RELATIVE ${SOURCE} ${SOURCE}/experiments/*.lua ${SOURCE}/paper/*.lua
    ${SOURCE}/policies/*.lua)
endif()
list(FILTER scripts INCLUDE REGEX "\\.lua$")
list(SORT scripts)
set(lines "")
foreach(script IN LISTS scripts)
  if(EXISTS ${SOURCE}/${script})
    file(SHA256 ${SOURCE}/${script} digest)
    string(APPEND lines "  { \"${script}\", \"${digest}\" }, \\\n")
  endif()
endforeach()
get_filename_component(folder ${OUT} DIRECTORY)
file(WRITE ${OUT}.new "#define SYNLAB_SCRIPTS \\\n${lines}  { NULL, NULL }\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUT}.new ${folder}/scripts.h)
