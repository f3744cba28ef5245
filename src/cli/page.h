/* The page of tenor classify --format html: opened, then each article opened,
 * filled and closed, then closed. */
#ifndef TENOR_CLI_PAGE_H
#define TENOR_CLI_PAGE_H

#include "cli/cli.h"
#include "report/report.h"

struct page {
    struct page_about about;
    struct buffer text;              /* not yet written */
    struct label_tally article, all; /* `article`: of the one that is open */
    size_t number;                   /* of the article, from 1 */
    bool streaming, in_list;
};
tenor_status page_open(struct page *page, const struct page_about *about,
                       tenor_error *error);
tenor_status page_article_open(struct page *page, const char *file,
                               tenor_error *error);
tenor_status page_add(struct page *page, const struct buffer *paragraph,
                      enum paragraph_kind kind, tenor_error *error);
/* The tally of the article has to be in page->article by now. `trouble`: why
 * the file was not read to its end, or NULL. */
tenor_status page_article_close(struct page *page, const char *trouble,
                                tenor_error *error);
tenor_status page_close(struct page *page, tenor_error *error);
void page_clear(struct page *page);

#endif
