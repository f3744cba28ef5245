/* The page of labelled articles around its paragraphs: what the marks mean, a
 * section a file with an overview of its labels, and one of all files. Written
 * piece by piece, since an article may be longer than memory; whoever writes it
 * chooses where in its section the overview stands. */
#include "report/figures.h"

#include <string.h>

/* A task with no more labels than this shows all of them in the overview, so
 * that articles can be compared; of more, those that occur. */
enum { ALL_LABELS = 8, BAR_WIDTH = 100 };

static const char style[] =
    ":root{--good:#1a7f37;--bad:#c41e2a;--hard:#8a5a00;--calm:#0a6c74}\n"
    "@media(prefers-color-scheme:dark){:root{--good:#56d364;--bad:#ff8078;"
    "--hard:#e3b341;--calm:#4fd1c5}}\n"
    "h2,p,td,th,dd,summary{overflow-wrap:anywhere}"
    ".items{margin:0;padding:0;list-style:none}"
    ".unit{display:grid;grid-template-columns:15rem minmax(0,1fr);gap:0 1.5rem;"
    "padding:.6rem 0;border-top:1px solid var(--line)}\n"
    ".unit:target{background:var(--tint)}"
    ".side{font-size:.85rem;line-height:1.4}.side dl{margin:0}"
    ".side dl div{display:flex;flex-wrap:wrap;gap:.2rem .3rem;margin:0 0 .2rem;"
    "padding-left:3.8rem;align-items:baseline}"
    ".side dt{flex:0 0 3.5rem;margin-left:-3.8rem}\n"
    ".number{float:right;color:var(--soft);text-decoration:none;"
    "font-variant-numeric:tabular-nums}"
    "dt{color:var(--soft);overflow-wrap:anywhere}"
    "dd{margin:0;padding:0 .45rem;border:1px solid;border-radius:.8rem;"
    "color:var(--accent)}dd b{font-weight:600}\n"
    "dd.good{color:var(--good)}dd.bad{color:var(--bad)}"
    "dd.hard{color:var(--hard)}dd.calm{color:var(--calm)}"
    "dd.plain,dd.open,dd.bare,.note{color:var(--soft)}"
    "dd.open{border-style:dashed}dd.bare{border:0;padding:0}.note{margin:0}\n"
    ".text>p,.text>h3{margin:0;max-width:none}"
    ".item .text>p{padding-left:1.1em;text-indent:-1.1em}"
    ".item .text>p::before{content:\"\\2022\";display:inline-block;"
    "width:1.1em;text-indent:0}"
    ".furniture .text{color:var(--soft);font-size:.85rem}\n"
    "details{margin:.3rem 0 0;font-size:.85rem;color:var(--soft)}"
    "details ul{margin:.2rem 0;padding-left:1.2rem}"
    ".for,.against{white-space:nowrap}.against{font-style:italic}"
    ".trouble{color:var(--bad);font-weight:600}\n"
    ".overview{display:flex;flex-wrap:wrap;gap:0 2rem;margin:0 0 1.5rem}"
    ".overview table{flex:1 1 15rem;width:auto;align-self:flex-start;"
    "font-size:.9rem}.overview svg{max-width:none;margin-left:.5rem}"
    ".legend dl{display:grid;grid-template-columns:9rem minmax(0,1fr);"
    "gap:.35rem 1rem;font-size:.9rem}"
    ".legend dt,.legend dd{border:0;padding:0;color:inherit}"
    ".legend dt{font-weight:600}\n"
    "@media(max-width:42rem){.unit{grid-template-columns:minmax(0,1fr)}}\n"
    "@media print{.unit{break-inside:avoid}h3{break-after:avoid}"
    "section:first-of-type>h2{break-before:auto}"
    "details::details-content{content-visibility:visible;block-size:auto}}\n";

static void put_text(struct buffer *out, const char *text) {
    report_html_text(out, text, strlen(text));
}

static const char *name_of(const char *file) {
    return strcmp(file, "-") == 0 ? "standard input" : file;
}

/* ---- the head ----------------------------------------------------------- */

static void put_entry(struct buffer *out, const char *term, const char *words) {
    buffer_format(out, "<dt>%s</dt><dd>%s</dd>\n", term, words);
}

static void put_task_entry(struct buffer *out, const tenor_model *model,
                           size_t task) {
    size_t labels = tenor_model_labels(model, task);
    buffer_text(out, "<dt>");
    put_text(out, tenor_model_task(model, task));
    buffer_text(out, tenor_model_task_is_multi(model, task)
                         ? "</dt><dd>any number of "
                         : "</dt><dd>one of ");
    if (labels > 3 * ALL_LABELS)
        buffer_format(out, "%s labels", figures_count(labels).text);
    else
        for (size_t k = 0; k < labels; k++) {
            buffer_text(out, k ? ", " : "");
            put_text(out, tenor_model_label(model, task, k));
        }
    buffer_text(out, "</dd>\n");
}

static void put_legend(struct buffer *out, const struct page_about *about) {
    buffer_text(out, "<details class=\"legend\" open>"
                     "<summary>How to read this page</summary>\n<dl>\n");
    for (size_t t = 0; t < tenor_model_tasks(about->model); t++)
        put_task_entry(out, about->model, t);
    put_entry(out, "93 %",
              "the probability that the label before it holds, by the model's "
              "reckoning");
    if (about->coverage > 0) {
        buffer_format(out,
                      "<dt>label?</dt><dd>unsure: no single answer, or one of "
                      "several that may be true. The true one should be among "
                      "the answers shown in %s %% of cases, on text of the "
                      "kind that the model was trained on</dd>\n",
                      figures_fixed(100 * about->coverage, 1).text);
        put_entry(out, "unknown",
                  "not labelled: the model knows fewer than half of the words");
    } else {
        put_entry(out, "few known words",
                  "the model knows fewer than half of the words: the labels "
                  "are a guess");
    }
    put_entry(out, "furniture",
              "what a page puts around an article, such as bylines and menus: "
              "not labelled");
    if (about->explain)
        put_entry(out, "Why",
                  "the terms that moved each label most: + speaks for it, "
                  "- against it");
    buffer_text(out, "</dl>\n</details>\n");
}

static void put_contents(struct buffer *out, const struct page_about *about) {
    buffer_text(out, "<nav aria-label=\"Files\"><ol>\n");
    for (size_t i = 0; i < about->file_count; i++) {
        buffer_format(out, "<li><a href=\"#f%zu\"><bdi>", i + 1);
        put_text(out, name_of(about->files[i]));
        buffer_text(out, "</bdi></a></li>\n");
    }
    buffer_text(out, "<li><a href=\"#all\">All files</a></li>\n</ol></nav>\n");
}

void report_page_open(struct buffer *out, const struct page_about *about) {
    struct buffer title = {0};
    if (about->file_count == 1)
        buffer_format(&title, "Labels of %s", name_of(about->files[0]));
    else
        buffer_format(&title, "Labels of %s files",
                      figures_count(about->file_count).text);
    report_html_open(out, title.data ? title.data : "", style);
    buffer_text(out, "<h1>");
    put_text(out, title.data ? title.data : "");
    buffer_text(out, "</h1>\n<p class=\"soft\">Every paragraph labelled by ");
    put_text(out, about->model_name);
    buffer_text(out, "</p>\n");
    put_legend(out, about);
    if (about->file_count > 1)
        put_contents(out, about);
    out->failed = out->failed || title.failed;
    buffer_clear(&title);
}

/* ---- articles ----------------------------------------------------------- */

void report_page_article(struct buffer *out, const char *file, size_t number) {
    buffer_format(out, "<section>\n<h2 id=\"f%zu\" dir=\"auto\">", number);
    put_text(out, name_of(file));
    buffer_text(out, "</h2>\n");
}

void report_page_overview_below(struct buffer *out, size_t number) {
    buffer_format(out,
                  "<p><a href=\"#f%zuo\">The overview stands below the "
                  "paragraphs.</a></p>\n",
                  number);
}

void report_page_article_close(struct buffer *out, const char *trouble) {
    if (trouble) {
        buffer_text(out, "<p class=\"trouble\">Not read to the end: ");
        put_text(out, trouble);
        buffer_text(out, "</p>\n");
    }
    buffer_text(out, "</section>\n");
}

/* ---- the overview ------------------------------------------------------- */

/* A row: what, how many of `total` paragraphs, as a share, as a bar. */
static void put_count(struct buffer *out, const char *name, bool soft,
                      size_t count, size_t total) {
    double share = total ? (double)count / (double)total : 0;
    buffer_format(out, "<tr><th scope=\"row\"%s><bdi>",
                  soft ? " class=\"soft\"" : "");
    put_text(out, name);
    buffer_format(out, "</bdi></th><td>%s</td>", figures_count(count).text);
    buffer_format(out,
                  "<td>%s&nbsp;%%<svg aria-hidden=\"true\" width=\"%d\" "
                  "height=\"10\"><rect class=\"bar\" height=\"10\" ",
                  figures_fixed(100 * share, 0).text, BAR_WIDTH);
    buffer_format(out, "width=\"%s\"/></svg></td></tr>\n",
                  figures_fixed(share * BAR_WIDTH, 1).text);
}

static void put_task(struct buffer *out, const tenor_model *model, size_t task,
                     const struct label_tally *tally) {
    size_t labels = tenor_model_labels(model, task);
    size_t first = tenor_model_first_output(model, task);
    buffer_text(out, "<table>\n<caption>");
    put_text(out, tenor_model_task(model, task));
    buffer_text(out, "</caption>\n<thead><tr><th scope=\"col\">label</th>"
                     "<th scope=\"col\">paragraphs</th>"
                     "<th scope=\"col\">share</th></tr></thead>\n<tbody>\n");
    for (size_t k = 0; k < labels; k++)
        if (labels <= ALL_LABELS || tally->given[first + k])
            put_count(out, tenor_model_label(model, task, k), false,
                      tally->given[first + k], tally->labelled);
    if (tally->bare[task])
        put_count(out, "no label", true, tally->bare[task], tally->labelled);
    if (tally->unsure[task])
        put_count(out, "unsure", true, tally->unsure[task], tally->labelled);
    buffer_text(out, "</tbody>\n</table>\n");
}

static void put_sum(struct buffer *out, const struct label_tally *tally,
                    bool doubt) {
    buffer_format(out, "<p class=\"soft\">%s paragraph%s labelled",
                  figures_count(tally->labelled).text,
                  tally->labelled == 1 ? "" : "s");
    if (tally->unknown)
        buffer_format(out, doubt ? ", %s unknown" : ", %s with few known words",
                      figures_count(tally->unknown).text);
    if (tally->furniture)
        buffer_format(out, ", %s of furniture left out",
                      figures_count(tally->furniture).text);
    buffer_text(out, "</p>\n");
}

static void put_tables(struct buffer *out, const struct page_about *about,
                       const struct label_tally *tally) {
    if (!tally->labelled && !tally->unknown && !tally->furniture) {
        buffer_text(out, "<p class=\"soft\">No text.</p>\n");
        return;
    }
    put_sum(out, tally, about->coverage > 0);
    if (!tally->labelled)
        return;
    buffer_text(out, "<div class=\"overview\">\n");
    for (size_t t = 0; t < tenor_model_tasks(about->model); t++)
        put_task(out, about->model, t, tally);
    buffer_text(out, "</div>\n");
}

void report_page_overview(struct buffer *out, const struct page_about *about,
                          const struct label_tally *tally, size_t number) {
    buffer_format(out, "<div id=\"f%zuo\">\n", number);
    put_tables(out, about, tally);
    buffer_text(out, "</div>\n");
}

void report_page_summary(struct buffer *out, const struct page_about *about,
                         const struct label_tally *tally) {
    buffer_text(out, "<section>\n<h2 id=\"all\">All files</h2>\n");
    put_tables(out, about, tally);
    buffer_text(out, "</section>\n");
}
