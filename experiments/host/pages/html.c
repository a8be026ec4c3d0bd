#include "experiments/host/pages/html.h"

#include <stdlib.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <lauxlib.h>

int host_api_html(lua_State *L) {
  static const char *const extensions[] = {"table", "strikethrough", "tagfilter", NULL};
  const int options = CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8;
  size_t n;
  const char *text = luaL_checklstring(L, 1, &n);
  cmark_gfm_core_extensions_ensure_registered();
  cmark_parser *parser = cmark_parser_new(options);
  for (const char *const *name = extensions; *name; name++)
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(*name));
  cmark_parser_feed(parser, text, n);
  cmark_node *document = cmark_parser_finish(parser);
  char *html = cmark_render_html(document, options, cmark_parser_get_syntax_extensions(parser));
  cmark_node_free(document);
  cmark_parser_free(parser);
  lua_pushstring(L, html);
  free(html);
  return 1;
}
