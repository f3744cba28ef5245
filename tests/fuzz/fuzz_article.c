/* Articles of every format. What comes out is what text.h promises: paragraphs
 * that are not empty, valid UTF-8 and folded; the same whether the bytes come
 * from memory at once or not. */
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check(const struct paragraph *paragraph) {
    struct slice text = paragraph->text;
    require(text.size > 0 && paragraph->kind < PARAGRAPH_KINDS);
    require(utf8_valid_prefix(text.data, text.size) == text.size);
    require(text.data[0] != ' ' && text.data[text.size - 1] != ' ');
    require(!memchr(text.data, '\n', text.size) &&
            !memchr(text.data, '\t', text.size));
    for (size_t i = 1; i < text.size; i++)
        require(text.data[i] != ' ' || text.data[i - 1] != ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (int format = ARTICLE_AUTO; format <= ARTICLE_HTML; format++) {
        struct article *article;
        struct paragraph paragraph;
        tenor_error error = {0};
        bool more = true;
        if (article_open_memory(&article, "fuzz", (const char *)data, size,
                                (enum article_format)format, &error))
            abort();
        while (article_next(article, &paragraph, &more, &error) == TENOR_OK &&
               more) {
            check(&paragraph);
            article_ready(article);
            check(&paragraph);
        }
        article_close(article);
    }
    return 0;
}
