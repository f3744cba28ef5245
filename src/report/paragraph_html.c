/* A labelled paragraph on a page: at the left its number and its labels, task
 * by task, at the right its text. A heading is a heading, an item of a list an
 * item; what a page puts around an article is dimmed and says so. Every label
 * stands there in words with its probability: colour only helps.
 *
 *   <div class="unit prose" id="f1p3">
 *   <div class="side"><a href="#f1p3">3</a><dl><div><dt>tone</dt>
 *   <dd class="bad">negative <b>82 %</b></dd></div></dl></div>
 *   <div class="text"><p dir="auto">...</p></div>
 *   </div>
 *
 * Texts are isolated by dir="auto" and <bdi>: directional marks in one can't
 * turn what stands around it. */
#include "report/figures.h"
#include "report/labels.h"

#include <string.h>

static void put_text(struct buffer *out, const char *text) {
    report_html_text(out, text, strlen(text));
}

static const char *const mood_classes[LABEL_MOODS] = {
    [MOOD_TOPIC] = "topic", [MOOD_GOOD] = "good", [MOOD_BAD] = "bad",
    [MOOD_PLAIN] = "plain", [MOOD_HARD] = "hard", [MOOD_SOFT] = "calm"};

static void put_chip(struct buffer *out, const char *label, bool open,
                     double probability) {
    buffer_format(out, "<dd class=\"%s\"><bdi>",
                  open ? "open" : mood_classes[label_mood(label)]);
    put_text(out, label);
    buffer_format(out, "%s</bdi> <b>%s&nbsp;%%</b></dd>", open ? "?" : "",
                  figures_fixed(100 * probability, 0).text);
}

static void put_task(struct buffer *out, const tenor_model *model,
                     const tenor_result *result, size_t task) {
    size_t first = tenor_model_first_output(model, task);
    bool any = false;
    buffer_text(out, "<div><dt>");
    put_text(out, tenor_model_task(model, task));
    buffer_text(out, "</dt>");
    for (size_t k = 0; k < tenor_model_labels(model, task); k++) {
        enum label_state state = label_state(model, result, task, k);
        if (state == LABEL_ABSENT)
            continue;
        put_chip(out, tenor_model_label(model, task, k), state == LABEL_OPEN,
                 (double)result->probability[first + k]);
        any = true;
    }
    if (!any)
        buffer_text(out, "<dd class=\"bare\">no label</dd>");
    buffer_text(out, "</div>\n");
}

static void put_note(struct buffer *out, const char *words) {
    buffer_format(out, "<p class=\"note\">%s</p>", words);
}

static void put_side(struct buffer *out,
                     const struct labelled_paragraph *paragraph) {
    const tenor_result *result = paragraph->result;
    const char *id =
        json_string_value(json_object_get(paragraph->fields, "id"));
    bool unknown = result && report_is_unknown(result);
    buffer_format(out,
                  "<div class=\"side\"><a class=\"number\" "
                  "href=\"#f%zup%zu\" aria-label=\"paragraph %zu\">%zu</a>",
                  paragraph->article, paragraph->number, paragraph->number,
                  paragraph->number);
    if (id) {
        buffer_text(out, "<p class=\"note\"><bdi>");
        put_text(out, id);
        buffer_text(out, "</bdi></p>");
    }
    if (!result)
        put_note(out, "furniture");
    if (unknown)
        put_note(out, result->possible ? "unknown" : "few known words");
    if (result && !(unknown && result->possible)) {
        buffer_text(out, "<dl>\n");
        for (size_t t = 0; t < tenor_model_tasks(paragraph->model); t++)
            put_task(out, paragraph->model, result, t);
        buffer_text(out, "</dl>");
    }
    buffer_text(out, "</div>\n");
}

static void put_reasons(struct buffer *out,
                        const struct labelled_paragraph *paragraph) {
    buffer_text(out, "<details><summary>Why</summary>\n<ul>\n");
    for (size_t i = 0; i < paragraph->reason_count; i++) {
        const struct label_reasons *reasons = &paragraph->reasons[i];
        buffer_text(out, "<li><bdi>");
        put_text(out, tenor_model_label(paragraph->model, reasons->task,
                                        reasons->label));
        buffer_text(out, "</bdi>:");
        for (size_t k = 0; k < reasons->count; k++) {
            double weight = (double)reasons->terms[k].weight;
            buffer_format(out, "%s <span class=\"%s\"><bdi>", k ? "," : "",
                          weight < 0 ? "against" : "for");
            put_text(out, reasons->terms[k].term);
            buffer_format(out, "</bdi> %s</span>",
                          figures_signed(weight, 2).text);
        }
        buffer_text(out, reasons->count ? "</li>\n"
                                        : " no term of the vocabulary</li>\n");
    }
    buffer_text(out, "</ul>\n</details>\n");
}

void report_paragraph_html(struct buffer *out,
                           const struct labelled_paragraph *paragraph) {
    bool item = paragraph->kind == PARAGRAPH_ITEM;
    bool heading = paragraph->kind == PARAGRAPH_HEADING;
    const char *element = item ? "li" : "div";
    buffer_format(out, "<%s class=\"unit %s\" id=\"f%zup%zu\">\n", element,
                  paragraph_kind_names[paragraph->kind], paragraph->article,
                  paragraph->number);
    put_side(out, paragraph);
    buffer_format(out, "<div class=\"text\"><%s dir=\"auto\">",
                  heading ? "h3" : "p");
    report_html_text(out, paragraph->text.data, paragraph->text.size);
    buffer_format(out, "</%s>\n", heading ? "h3" : "p");
    if (paragraph->reason_count > 0)
        put_reasons(out, paragraph);
    buffer_format(out, "</div>\n</%s>\n", element);
}
