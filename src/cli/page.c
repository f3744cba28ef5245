/* The HTML page of tenor classify, written as its articles come in.
 *
 * An article is held back until its end, so that its overview can stand above
 * it; one that grows past PENDING_BYTES is written on as it comes, its overview
 * below it. So memory stays bounded whatever the input's size. */
#include "cli/page.h"

enum { PENDING_BYTES = 4 << 20 };

/* Writes out a buffer and empties it. */
static tenor_status write_out(struct buffer *text, tenor_error *error) {
    tenor_status status = text->failed
                              ? error_memory(error)
                              : output_write(text->data, text->size, error);
    text->size = 0;
    text->failed = false;
    return status;
}

tenor_status page_open(struct page *page, const struct page_about *about,
                       tenor_error *error) {
    page->about = *about;
    if (!label_tally_init(&page->article, about->model) ||
        !label_tally_init(&page->all, about->model))
        return error_memory(error);
    report_page_open(&page->text, about);
    return write_out(&page->text, error);
}

tenor_status page_article_open(struct page *page, const char *file,
                               tenor_error *error) {
    page->streaming = false;
    report_page_article(&page->text, file, ++page->number);
    return write_out(&page->text, error);
}

/* Items that follow each other are one list. */
static void set_list(struct page *page, bool in_list) {
    if (in_list && !page->in_list)
        buffer_text(&page->text, "<ul class=\"items\" role=\"list\">\n");
    else if (page->in_list && !in_list)
        buffer_text(&page->text, "</ul>\n");
    page->in_list = in_list;
}

tenor_status page_add(struct page *page, const struct buffer *paragraph,
                      enum paragraph_kind kind, tenor_error *error) {
    set_list(page, kind == PARAGRAPH_ITEM);
    buffer_append(&page->text, paragraph->data, paragraph->size);
    if (!page->streaming && page->text.size < PENDING_BYTES)
        return page->text.failed ? error_memory(error) : TENOR_OK;
    if (!page->streaming) {
        struct buffer link = {0};
        report_page_overview_below(&link, page->number);
        tenor_status status = write_out(&link, error);
        buffer_clear(&link);
        if (status)
            return status;
    }
    page->streaming = true;
    return write_out(&page->text, error);
}

tenor_status page_article_close(struct page *page, const char *trouble,
                                tenor_error *error) {
    struct buffer overview = {0};
    tenor_status status = TENOR_OK;
    set_list(page, false);
    report_page_overview(&overview, &page->about, &page->article, page->number);
    if (page->streaming)
        status = write_out(&page->text, error);
    if (!status)
        status = write_out(&overview, error);
    report_page_article_close(&page->text, trouble);
    if (!status)
        status = write_out(&page->text, error);
    label_tally_move(&page->all, &page->article);
    buffer_clear(&overview);
    return status ? status : output_flush(error);
}

tenor_status page_close(struct page *page, tenor_error *error) {
    if (page->about.file_count > 1)
        report_page_summary(&page->text, &page->about, &page->all);
    report_html_close(&page->text);
    tenor_status status = write_out(&page->text, error);
    return status ? status : output_flush(error);
}

void page_clear(struct page *page) {
    label_tally_clear(&page->article);
    label_tally_clear(&page->all);
    buffer_clear(&page->text);
}
