/* synlab.html(markdown) -> HTML: GitHub's Markdown with tables, by cmark-gfm. HTML in the text stays,
 * but for elements that run or load something (GitHub's "tagfilter"). */
#ifndef SYN_HOST_HTML_H
#define SYN_HOST_HTML_H

#include <lua.h>

int host_api_html(lua_State *L);

#endif
