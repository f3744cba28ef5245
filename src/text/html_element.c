/* What elements mean: which part paragraphs, which are hidden, furniture,
 * headings or items.
 *
 * Furniture is told by the element (nav, a form, ...), by its role, or by a
 * class or id that names nothing else. Pages are careless with all of these, so
 * an element that holds the first <h1>, <article> or <main> is never furniture.
 */
#include "text/html_walk.h"

#include <string.h>
#include <strings.h>

/* What an element is by its name alone. */
enum {
    BLOCK = 1,     /* parts paragraphs */
    HIDDEN = 2,    /* its text is not for readers, or no text */
    FURNITURE = 4, /* of a page */
    LAYOUT = 8,    /* a table that holds it is none of data */
};

static const unsigned char TRAITS[GUMBO_TAG_LAST + 1] = {
    /* an element without an entry stands in a line of text */
    [GUMBO_TAG_BODY] = BLOCK,
    [GUMBO_TAG_CAPTION] = BLOCK,
    [GUMBO_TAG_CENTER] = BLOCK,
    [GUMBO_TAG_DD] = BLOCK,
    [GUMBO_TAG_DETAILS] = BLOCK,
    [GUMBO_TAG_DIR] = BLOCK,
    [GUMBO_TAG_DIV] = BLOCK,
    [GUMBO_TAG_DL] = BLOCK,
    [GUMBO_TAG_DT] = BLOCK,
    [GUMBO_TAG_FIELDSET] = BLOCK,
    [GUMBO_TAG_FIGCAPTION] = BLOCK,
    [GUMBO_TAG_FIGURE] = BLOCK,
    [GUMBO_TAG_H5] = BLOCK,
    [GUMBO_TAG_H6] = BLOCK,
    [GUMBO_TAG_HEADER] = BLOCK,
    [GUMBO_TAG_HGROUP] = BLOCK,
    [GUMBO_TAG_HTML] = BLOCK,
    [GUMBO_TAG_LI] = BLOCK,
    [GUMBO_TAG_LISTING] = BLOCK,
    [GUMBO_TAG_MAIN] = BLOCK,
    [GUMBO_TAG_MENU] = BLOCK | FURNITURE | LAYOUT,
    [GUMBO_TAG_OPTION] = BLOCK,
    [GUMBO_TAG_P] = BLOCK,
    [GUMBO_TAG_PRE] = BLOCK,
    [GUMBO_TAG_SUMMARY] = BLOCK,
    [GUMBO_TAG_TBODY] = BLOCK,
    [GUMBO_TAG_TD] = BLOCK,
    [GUMBO_TAG_TFOOT] = BLOCK,
    [GUMBO_TAG_TH] = BLOCK,
    [GUMBO_TAG_THEAD] = BLOCK,
    [GUMBO_TAG_TR] = BLOCK,
    [GUMBO_TAG_ADDRESS] = BLOCK | FURNITURE,
    [GUMBO_TAG_ASIDE] = BLOCK | FURNITURE,
    [GUMBO_TAG_BUTTON] = BLOCK | FURNITURE,
    [GUMBO_TAG_FOOTER] = BLOCK | FURNITURE,
    [GUMBO_TAG_LEGEND] = BLOCK | FURNITURE,
    [GUMBO_TAG_NAV] = BLOCK | FURNITURE,
    [GUMBO_TAG_ARTICLE] = BLOCK | LAYOUT,
    [GUMBO_TAG_BLOCKQUOTE] = BLOCK | LAYOUT,
    [GUMBO_TAG_H1] = BLOCK | LAYOUT,
    [GUMBO_TAG_H2] = BLOCK | LAYOUT,
    [GUMBO_TAG_H3] = BLOCK | LAYOUT,
    [GUMBO_TAG_H4] = BLOCK | LAYOUT,
    [GUMBO_TAG_HR] = BLOCK | LAYOUT,
    [GUMBO_TAG_OL] = BLOCK | LAYOUT,
    [GUMBO_TAG_SECTION] = BLOCK | LAYOUT,
    [GUMBO_TAG_TABLE] = BLOCK | LAYOUT,
    [GUMBO_TAG_UL] = BLOCK | LAYOUT,
    [GUMBO_TAG_LABEL] = FURNITURE,
    [GUMBO_TAG_AUDIO] = HIDDEN,
    [GUMBO_TAG_CANVAS] = HIDDEN,
    [GUMBO_TAG_DATALIST] = HIDDEN,
    [GUMBO_TAG_HEAD] = HIDDEN,
    [GUMBO_TAG_IFRAME] = HIDDEN,
    [GUMBO_TAG_METER] = HIDDEN,
    [GUMBO_TAG_NOEMBED] = HIDDEN,
    [GUMBO_TAG_NOFRAMES] = HIDDEN,
    [GUMBO_TAG_NOSCRIPT] = HIDDEN,
    [GUMBO_TAG_OBJECT] = HIDDEN,
    [GUMBO_TAG_PROGRESS] = HIDDEN,
    [GUMBO_TAG_RP] = HIDDEN,
    [GUMBO_TAG_SCRIPT] = HIDDEN,
    [GUMBO_TAG_SELECT] = HIDDEN,
    [GUMBO_TAG_STYLE] = HIDDEN,
    [GUMBO_TAG_SVG] = HIDDEN,
    [GUMBO_TAG_TEMPLATE] = HIDDEN,
    [GUMBO_TAG_TEXTAREA] = HIDDEN,
    [GUMBO_TAG_TITLE] = HIDDEN,
    [GUMBO_TAG_VIDEO] = HIDDEN};

bool html_is_tag(const char *name, size_t size) {
    return gumbo_tagn_enum(name, (unsigned)size) != GUMBO_TAG_UNKNOWN;
}

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static const char *attribute(const GumboNode *node, const char *name) {
    const GumboAttribute *found =
        gumbo_get_attribute(&node->v.element.attributes, name);
    return found ? found->value : NULL;
}

bool html_attribute_is(const GumboNode *node, const char *name,
                       const char *value) {
    const char *found = attribute(node, name);
    return found && strcasecmp(found, value) == 0;
}

/* Whether one of the names in a class attribute is on the list; an entry that
 * ends in - stands for all that begin so. */
static bool names_one_of(const char *names, const char *const *list) {
    while (names && *names) {
        while (is_space(*names))
            names++;
        size_t size = 0;
        while (names[size] && !is_space(names[size]))
            size++;
        for (const char *const *entry = list; *entry && size > 0; entry++) {
            size_t length = strlen(*entry);
            bool open = (*entry)[length - 1] == '-';
            if ((open ? size > length : size == length) &&
                strncasecmp(names, *entry, length) == 0)
                return true;
        }
        names += size;
    }
    return false;
}

/* ---- hidden -------------------------------------------------------------- */

static bool has_style(const char *style, const char *name, const char *value) {
    for (; style && (style = strstr(style, name)) != NULL;
         style += strlen(name)) {
        const char *at = style + strlen(name);
        while (is_space(*at) || *at == ':')
            at++;
        if (strncasecmp(at, value, strlen(value)) == 0)
            return true;
    }
    return false;
}

bool html_is_hidden(const GumboNode *node) {
    static const char *const names[] = {"sr-only",
                                        "visually-hidden",
                                        "visuallyhidden",
                                        "screen-reader-text",
                                        "screen-reader-only",
                                        "hidden",
                                        NULL};
    const char *style = attribute(node, "style");
    return (TRAITS[node->v.element.tag] & HIDDEN) ||
           attribute(node, "hidden") ||
           html_attribute_is(node, "aria-hidden", "true") ||
           has_style(style, "display", "none") ||
           has_style(style, "visibility", "hidden") ||
           names_one_of(attribute(node, "class"), names);
}

/* ---- furniture ----------------------------------------------------------- */

static bool has_furniture_role(const GumboNode *node) {
    static const char *const roles[] = {
        "navigation", "banner", "contentinfo", "complementary",
        "search",     "button", "menu",        "menubar",
        "toolbar",    "dialog", "alertdialog", NULL};
    return names_one_of(attribute(node, "role"), roles);
}

static bool has_furniture_name(const GumboNode *node) {
    static const char *const names[] = {"ad",
                                        "ads",
                                        "ad-",
                                        "advert",
                                        "advert-",
                                        "advertisement",
                                        "advertisement-",
                                        "author-bio",
                                        "author-box",
                                        "breadcrumb",
                                        "breadcrumbs",
                                        "breadcrumb-",
                                        "byline",
                                        "comment-list",
                                        "comment-form",
                                        "comment-respond",
                                        "comments",
                                        "comments-",
                                        "cookie-",
                                        "cookies",
                                        "entry-meta",
                                        "post-meta",
                                        "article-meta",
                                        "footer",
                                        "most-read",
                                        "nav",
                                        "navbar",
                                        "navigation",
                                        "newsletter",
                                        "newsletter-",
                                        "outbrain",
                                        "pagination",
                                        "popup",
                                        "post-tags",
                                        "promo",
                                        "promo-",
                                        "read-more",
                                        "recirculation",
                                        "recommended",
                                        "related",
                                        "related-",
                                        "respond",
                                        "share",
                                        "share-bar",
                                        "share-buttons",
                                        "share-links",
                                        "share-tools",
                                        "sharing",
                                        "sidebar",
                                        "signup",
                                        "site-footer",
                                        "site-header",
                                        "site-nav",
                                        "social",
                                        "social-icons",
                                        "social-links",
                                        "social-media",
                                        "social-share",
                                        "sponsored",
                                        "subscribe",
                                        "subscribe-",
                                        "taboola",
                                        "tag-list",
                                        "tags",
                                        NULL};
    return names_one_of(attribute(node, "class"), names) ||
           names_one_of(attribute(node, "id"), names);
}

/* gumbo leaves the end at 0 where it moved elements about. */
static bool holds(const GumboElement *element, size_t at) {
    size_t end = element->end_pos.offset;
    return at != HTML_NOWHERE && element->start_pos.offset <= at &&
           (end == 0 || at < end);
}

static bool is_furniture(const GumboNode *node,
                         const struct html_context *around,
                         const struct html_marks *marks) {
    const GumboElement *element = &node->v.element;
    bool furniture =
        (TRAITS[element->tag] & FURNITURE) ||
        (element->tag == GUMBO_TAG_HEADER && !around->in_article) ||
        has_furniture_role(node) ||
        (html_parts(node, around) && has_furniture_name(node));
    return furniture && element->tag != GUMBO_TAG_BODY &&
           element->tag != GUMBO_TAG_HTML &&
           !holds(element, marks->heading_at) &&
           !holds(element, marks->article_at);
}

/* ---- blocks -------------------------------------------------------------- */

bool html_parts(const GumboNode *node, const struct html_context *around) {
    return !around->in_row && (TRAITS[node->v.element.tag] & BLOCK);
}

bool html_lays_out(GumboTag tag) {
    return (TRAITS[tag] & LAYOUT) != 0;
}

bool html_is_cell(const GumboNode *node) {
    return node->v.element.tag == GUMBO_TAG_TD ||
           node->v.element.tag == GUMBO_TAG_TH;
}

/* ---- contexts ------------------------------------------------------------ */

tenor_status html_descend(struct html_context *context, const GumboNode *node,
                          struct html_marks *marks, tenor_error *error) {
    context->hidden = html_is_hidden(node);
    if (context->hidden)
        return TENOR_OK;
    context->furniture |= is_furniture(node, context, marks);
    switch (node->v.element.tag) {
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_CAPTION:
        context->kind = context->in_row ? context->kind : PARAGRAPH_HEADING;
        break;
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
        context->kind = context->in_row ? context->kind : PARAGRAPH_ITEM;
        break;
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_MAIN:
        context->in_article = true;
        break;
    case GUMBO_TAG_TABLE:
        if (!context->in_row)
            return html_holds_data(&context->in_data, node, marks, error);
        break;
    case GUMBO_TAG_TR:
        if (context->in_data) {
            context->in_row = true;
            context->kind = PARAGRAPH_ROW;
        }
        break;
    case GUMBO_TAG_A:
        context->link = true;
        break;
    case GUMBO_TAG_B:
    case GUMBO_TAG_STRONG:
        context->strong = true;
        break;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_LISTING:
        context->preformatted = true;
        break;
    case GUMBO_TAG_CODE:
        context->furniture |= context->preformatted;
        break;
    default:
        break;
    }
    return TENOR_OK;
}
