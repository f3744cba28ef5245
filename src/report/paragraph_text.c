/* A labelled paragraph for a person: its labels in a column at the left, its
 * text wrapped beside them.
 *
 *   troops 96 %           Drones struck two substations near the port; air
 *   energy 91 %           defence shot down eleven of nineteen, the governor
 *   negative 94 %         said.
 *   none 88 %
 */
#include "report/columns.h"
#include "report/figures.h"
#include "report/labels.h"

#include <string.h>

enum { LABEL_WIDTH = 22, MOST_LINES = 64 };

#define BOLD "1"
#define DIM "2"
#define YELLOW "33"

static const char *color_of(const char *label) {
    static const char *const colors[LABEL_MOODS] = {
        [MOOD_TOPIC] = "36", [MOOD_GOOD] = "32",   [MOOD_BAD] = "31",
        [MOOD_PLAIN] = DIM,  [MOOD_HARD] = YELLOW, [MOOD_SOFT] = "34"};
    return colors[label_mood(label)];
}

static void add_colored(struct buffer *out, const struct text_style *style,
                        const char *color, const char *text, size_t size) {
    if (style->color)
        buffer_format(out, "\x1b[%sm", color);
    buffer_append(out, text, size);
    if (style->color)
        buffer_text(out, "\x1b[0m");
}

/* The lines of the left column. */
struct side {
    struct {
        char text[96];
        const char *color;
    } lines[MOST_LINES];
    size_t count;
};

static void add_side(struct side *side, const char *color, const char *label,
                     double probability) {
    if (side->count == MOST_LINES)
        return;
    char *text = side->lines[side->count].text;
    size_t size = sizeof side->lines[0].text;
    side->lines[side->count++].color = color;
    if (probability < 0)
        snprintf(text, size, "%s", label);
    else
        snprintf(text, size, "%.*s %.0f %%",
                 (int)columns_cut(label, strlen(label), LABEL_WIDTH - 6), label,
                 100 * probability);
    /* a name cut inside a character would not be UTF-8 */
    text[utf8_valid_prefix(text, strlen(text))] = '\0';
}

/* A label that holds, or one that may, with a question mark. */
static void add_label(struct side *side, const tenor_model *model,
                      const tenor_result *result, size_t task, size_t number,
                      float probability) {
    const char *label = tenor_model_label(model, task, number);
    char open[96];
    switch (label_state(model, result, task, number)) {
    case LABEL_GIVEN:
        add_side(side, color_of(label), label, (double)probability);
        break;
    case LABEL_OPEN:
        snprintf(open, sizeof open, "%.*s?",
                 (int)columns_cut(label, strlen(label), LABEL_WIDTH - 7),
                 label);
        add_side(side, DIM, open, (double)probability);
        break;
    case LABEL_ABSENT:
        break;
    }
}

static void fill_side(struct side *side,
                      const struct labelled_paragraph *paragraph) {
    const tenor_model *model = paragraph->model;
    const tenor_result *result = paragraph->result;
    if (!result) {
        add_side(side, DIM, "furniture", -1);
        return;
    }
    if (result->possible && report_is_unknown(result)) {
        add_side(side, YELLOW, "unknown", -1);
        return;
    }
    for (size_t t = 0; t < tenor_model_tasks(model); t++) {
        size_t first = tenor_model_first_output(model, t);
        for (size_t k = 0; k < tenor_model_labels(model, t); k++)
            add_label(side, model, result, t, k,
                      result->probability[first + k]);
    }
    if (report_is_unknown(result))
        add_side(side, YELLOW, "few known words", -1);
}

/* White space and control characters, which could steer the terminal, become
 * single spaces; what turns the direction of writing is left out. */
static void add_plain(struct buffer *out, struct slice text) {
    bool gap = false;
    for (size_t at = 0; at < text.size;) {
        uint32_t point;
        size_t size = utf8_decode(&point, text.data + at, text.size - at);
        if (point == ' ' || columns_is_control(point)) {
            gap = true;
        } else if (!columns_is_turn(point)) {
            if (gap && out->size)
                buffer_byte(out, ' ');
            buffer_append(out, text.data + at, size);
            gap = false;
        }
        at += size;
    }
}

/* The next line of at most `width` columns; a longer word is cut. */
static struct slice take_line(struct slice *text, size_t width) {
    size_t at = 0, columns = 0, end = 0;
    while (at < text->size) {
        size_t size = 0, gap = at > 0;
        while (at + gap + size < text->size && size <= 8 * width &&
               text->data[at + gap + size] != ' ')
            size++; /* a word beyond any line is not read to its end */
        size_t here = columns_measure(text->data + at + gap, size);
        if (columns + gap + here > width)
            break;
        columns += gap + here;
        end = at += gap + size;
    }
    if (end == 0) /* one word alone is too long */
        end = columns_cut(text->data, text->size, width);
    struct slice line = {text->data, end};
    text->data += end;
    text->size -= end;
    if (text->size && *text->data == ' ') {
        text->data++;
        text->size--;
    }
    return line;
}

static void add_reasons(struct buffer *out,
                        const struct labelled_paragraph *paragraph,
                        const struct text_style *style) {
    struct buffer line = {0};
    for (size_t i = 0; i < paragraph->reason_count; i++) {
        const struct label_reasons *reasons = &paragraph->reasons[i];
        line.size = 0;
        buffer_format(
            &line, "%s:",
            tenor_model_label(paragraph->model, reasons->task, reasons->label));
        for (size_t k = 0; k < reasons->count; k++)
            buffer_format(
                &line, "%s %s %s", k ? "," : "", reasons->terms[k].term,
                figures_signed((double)reasons->terms[k].weight, 2).text);
        struct slice rest = {line.data, line.size};
        while (rest.size) {
            struct slice part =
                take_line(&rest, style->width - LABEL_WIDTH - 2);
            buffer_fill(out, ' ', LABEL_WIDTH + 2);
            add_colored(out, style, DIM, part.data, part.size);
            buffer_byte(out, '\n');
        }
    }
    out->failed = out->failed || line.failed;
    buffer_clear(&line);
}

void report_paragraph_text(struct buffer *out,
                           const struct labelled_paragraph *paragraph,
                           const struct text_style *style) {
    struct side side = {.count = 0};
    struct buffer plain = {0};
    add_plain(&plain, paragraph->text);
    struct slice rest = {plain.data, plain.size};
    const char *color = NULL;
    fill_side(&side, paragraph);
    if (paragraph->kind == PARAGRAPH_HEADING)
        color = BOLD;
    else if (paragraph->kind == PARAGRAPH_FURNITURE)
        color = DIM;
    bool item = paragraph->kind == PARAGRAPH_ITEM;
    for (size_t i = 0; i < side.count || rest.size; i++) {
        size_t used = 0;
        if (i < side.count) {
            const char *text = side.lines[i].text;
            used = columns_measure(text, strlen(text));
            add_colored(out, style, side.lines[i].color, text, strlen(text));
        }
        if (rest.size) {
            buffer_fill(out, ' ',
                        used < LABEL_WIDTH ? LABEL_WIDTH + 2 - used : 2);
            if (item)
                buffer_text(out, i ? "  " : "\xe2\x80\xa2 ");
            struct slice line = take_line(&rest, style->width - LABEL_WIDTH -
                                                     2 - (item ? 2 : 0));
            if (color)
                add_colored(out, style, color, line.data, line.size);
            else
                buffer_append(out, line.data, line.size);
        }
        buffer_byte(out, '\n');
    }
    add_reasons(out, paragraph, style);
    buffer_byte(out, '\n');
    out->failed = out->failed || plain.failed;
    buffer_clear(&plain);
}
