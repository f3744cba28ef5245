/* Parses a page with gumbo, within bounds.
 *
 * gumbo frees its tree by recursion, takes time square in the depth of
 * nesting, and does not survive an allocation that fails. So the page is
 * flattened first (html_flatten.c), and gumbo's memory comes from here: every
 * piece is on a list and counted, a request that fails or goes beyond the
 * budget leaves the parser by longjmp, and the tree is freed by freeing the
 * list. The budget grows with the page: real ones need some 10 to 30 bytes a
 * byte, crafted ones that multiply their unclosed tags meet it soon. */
#include "text/html.h"

enum { BYTES_A_BYTE = 80, BYTES_AT_LEAST = 1 << 26 };

/* In front of what gumbo gets, which stays aligned to 16. */
struct html_piece {
    _Alignas(16) struct html_piece *before;
    struct html_piece *after;
    size_t size;
};

static void *allocate(void *context, size_t size) {
    struct html_tree *tree = context;
    struct html_piece *piece = NULL;
    tree->exceeded = size > tree->most - tree->used;
    if (!tree->exceeded)
        piece = memory_new_raw(1, sizeof *piece + size);
    if (!piece)
        longjmp(tree->stop, 1);
    tree->used += size;
    *piece = (struct html_piece){NULL, tree->pieces, size};
    if (tree->pieces)
        tree->pieces->before = piece;
    tree->pieces = piece;
    return piece + 1;
}

static void release(void *context, void *block) {
    struct html_tree *tree = context;
    if (!block)
        return;
    struct html_piece *piece = (struct html_piece *)block - 1;
    tree->used -= piece->size;
    if (piece->before)
        piece->before->after = piece->after;
    else
        tree->pieces = piece->after;
    if (piece->after)
        piece->after->before = piece->before;
    memory_free(piece);
}

tenor_status html_tree_parse(struct html_tree *tree, const char *name,
                             tenor_error *error) {
    struct buffer *source = &tree->source;
    html_flatten(source->data, source->size);
    tree->most = BYTES_AT_LEAST + source->size * BYTES_A_BYTE;
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = release;
    options.userdata = tree;
    options.max_errors = 0;
    if (setjmp(tree->stop) == 0) {
        tree->output =
            gumbo_parse_with_options(&options, source->data, source->size);
        return TENOR_OK;
    }
    if (!tree->exceeded)
        return error_memory(error);
    return error_at(error, TENOR_ERROR_INPUT, name, 0, 0,
                    "the HTML repeats unclosed tags beyond reason; mend it, or "
                    "convert it to plain text");
}

void html_tree_free(struct html_tree *tree) {
    while (tree->pieces)
        release(tree, tree->pieces + 1);
    buffer_clear(&tree->source);
    tree->output = NULL;
}
