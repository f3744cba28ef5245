/* A model's file, written and mapped. See file.h for the layout.
 *
 * Loading trusts nothing: the table's checksum, every section's bounds and
 * checksum, the gaps, every count against every size, every number that is
 * used as an index. */
#include "model/file.h"

#include <math.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static bool host_is_little_endian(void) {
    const uint16_t one = 1;
    return *(const unsigned char *)&one == 1;
}

static size_t align(size_t size) {
    return (size + MODEL_ALIGN - 1) / MODEL_ALIGN * MODEL_ALIGN;
}

/* ---- writing ------------------------------------------------------------------ */
struct piece {
    const void *data;
    size_t item_size, size;
};

static void place_pieces(struct piece pieces[SECTION_COUNT],
                         const struct tenor_model *model) {
    const struct vocabulary *v = &model->vocabulary;
#define PIECE(id, pointer, count)                                              \
    pieces[id] = (struct piece){pointer, sizeof *(pointer),                    \
                                (count) * sizeof *(pointer)}
    PIECE(SECTION_PROVENANCE, model->provenance,
          strlen(model->provenance) + 1);
    PIECE(SECTION_STOP_WORDS, v->lists.stop_words.data,
          v->lists.stop_words.size);
    PIECE(SECTION_VARIANTS, v->lists.variants.data, v->lists.variants.size);
    PIECE(SECTION_WORD_SLOTS, v->words.slots, v->words.slot_count);
    PIECE(SECTION_WORD_OFFSETS, v->words.offsets,
          v->words.count ? (size_t)v->words.count + 1 : 0);
    PIECE(SECTION_WORD_BYTES, v->words.bytes,
          v->words.count ? v->words.offsets[v->words.count] : 0);
    PIECE(SECTION_WORD_COLUMNS, v->column_of_word, v->words.count);
    PIECE(SECTION_GRAM_SLOTS, v->grams.slots, v->grams.slot_count);
    PIECE(SECTION_GRAM_OFFSETS, v->grams.offsets,
          v->grams.count ? (size_t)v->grams.count + 1 : 0);
    PIECE(SECTION_GRAM_BYTES, v->grams.bytes,
          v->grams.count ? v->grams.offsets[v->grams.count] : 0);
    PIECE(SECTION_DF, v->df, v->columns);
    PIECE(SECTION_IDF, v->idf, v->columns);
    PIECE(SECTION_WEIGHTS, model->weights, v->columns * model->stride);
    for (size_t i = 0; i < ARRAY_LENGTH(v->ngrams); i++) {
        const struct ngram_table *table = &v->ngrams[i];
        PIECE(SECTION_NGRAMS + 2 * i, table->buckets, table->bucket_count);
        PIECE(SECTION_NGRAMS + 2 * i + 1, table->spilled,
              table->spilled_count);
    }
#undef PIECE
}

static void fill_settings(struct model_settings *out,
                          const struct tenor_model *model) {
    const struct vocabulary *v = &model->vocabulary;
    *out = (struct model_settings){.text = v->text,
                                   .documents = v->documents,
                                   .columns = v->columns,
                                   .word_columns = v->word_columns,
                                   .parts = v->parts,
                                   .word_count = v->words.count,
                                   .gram_count = v->grams.count,
                                   .features = v->features,
                                   .stride = (uint32_t)model->stride};
    for (size_t i = 0; i < ARRAY_LENGTH(v->ngrams); i++) {
        out->ngram_counts[i] = v->ngrams[i].count;
        out->ngram_spans[i] = v->ngrams[i].spans;
    }
}

static uint32_t add_name(struct buffer *names, const char *name) {
    uint32_t at = (uint32_t)names->size;
    buffer_append(names, name, strlen(name) + 1);
    return at;
}

/* Tasks, labels and their names in stored form; false: no memory. */
static bool store_tasks(const struct tenor_model *model,
                        struct stored_task **tasks,
                        struct stored_label **labels, struct buffer *names) {
    *tasks = memory_new(model->task_count, sizeof **tasks);
    *labels = memory_new(model->label_count, sizeof **labels);
    if (!*tasks || !*labels)
        return false;
    for (size_t i = 0; i < model->task_count; i++) {
        const struct model_task *task = &model->tasks[i];
        (*tasks)[i] = (struct stored_task){
            add_name(names, task->name), task->multi, (uint32_t)task->first,
            (uint32_t)task->label_count};
    }
    for (size_t i = 0; i < model->label_count; i++) {
        const struct model_label *label = &model->labels[i];
        (*labels)[i] = (struct stored_label){add_name(names, label->name),
                                             label->bias, label->scale,
                                             label->shift, label->threshold};
    }
    return !names->failed;
}

static void write_padded(FILE *stream, const void *data, size_t size) {
    static const char zeros[MODEL_ALIGN];
    if (size)
        fwrite(data, 1, size, stream);
    if (align(size) > size)
        fwrite(zeros, 1, align(size) - size, stream);
}

static void write_pieces(FILE *stream,
                         const struct piece pieces[SECTION_COUNT]) {
    struct model_section table[SECTION_COUNT];
    size_t offset = sizeof(struct model_header) + align(sizeof table);
    for (uint32_t i = 0; i < SECTION_COUNT; i++) {
        table[i] = (struct model_section){
            i, (uint32_t)pieces[i].item_size, offset, pieces[i].size,
            XXH3_64bits(pieces[i].data, pieces[i].size)};
        offset += align(pieces[i].size);
    }
    struct model_header header = {.format = MODEL_FORMAT,
                                  .section_count = SECTION_COUNT,
                                  .file_size = offset,
                                  .checksum = XXH3_64bits(table, sizeof table)};
    memcpy(header.magic, MODEL_MAGIC, sizeof header.magic);
    write_padded(stream, &header, sizeof header);
    write_padded(stream, table, sizeof table);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        write_padded(stream, pieces[i].data, pieces[i].size);
}

tenor_status model_save(const struct tenor_model *model, const char *path,
                        tenor_error *error) {
    if (!host_is_little_endian())
        return error_set(error, TENOR_ERROR_MODEL,
                         "models are written on little-endian machines only");
    struct piece pieces[SECTION_COUNT] = {0};
    struct model_settings settings;
    struct stored_task *tasks = NULL;
    struct stored_label *labels = NULL;
    struct buffer names = {0};
    struct file_output file = {0};
    tenor_status status = TENOR_OK;
    if (!store_tasks(model, &tasks, &labels, &names))
        status = error_memory(error);
    else
        status = file_output_open(&file, path, error);
    if (!status) {
        fill_settings(&settings, model);
        place_pieces(pieces, model);
        pieces[SECTION_SETTINGS] =
            (struct piece){&settings, sizeof settings, sizeof settings};
        pieces[SECTION_TASKS] = (struct piece){
            tasks, sizeof *tasks, model->task_count * sizeof *tasks};
        pieces[SECTION_LABELS] = (struct piece){
            labels, sizeof *labels, model->label_count * sizeof *labels};
        pieces[SECTION_NAMES] = (struct piece){names.data, 1, names.size};
        write_pieces(file.stream, pieces);
        status = file_output_commit(&file, error);
    }
    memory_free(tasks);
    memory_free(labels);
    buffer_clear(&names);
    return status;
}

/* ---- reading -------------------------------------------------------------------- */
struct view {
    const char *name;
    const char *data;
    size_t size;
    struct model_section table[SECTION_COUNT];
};

static tenor_status damaged(tenor_error *error, const char *name,
                            const char *what) {
    return error_at(error, TENOR_ERROR_MODEL, name, 0, 0,
                    "%s; the file is damaged, train or fetch it again", what);
}

static tenor_status open_view(struct view *view, tenor_error *error) {
    struct model_header header;
    if (view->size < sizeof header.magic ||
        memcmp(view->data, MODEL_MAGIC, sizeof header.magic) != 0)
        return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                        "is not a tenor model; name a file made by "
                        "tenor-train");
    size_t start = sizeof header + align(sizeof view->table);
    if (view->size < start)
        return damaged(error, view->name, "the model is cut short");
    memcpy(&header, view->data, sizeof header);
    if (header.format != MODEL_FORMAT)
        return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                        "the model has format %u, this program reads format "
                        "%d; train it again or use the matching version",
                        header.format, MODEL_FORMAT);
    if (header.file_size != view->size)
        return damaged(error, view->name,
                       header.file_size > view->size
                           ? "the model is cut short"
                           : "the model has bytes too many");
    memcpy(view->table, view->data + sizeof header, sizeof view->table);
    if (header.section_count != SECTION_COUNT ||
        header.checksum != XXH3_64bits(view->table, sizeof view->table))
        return damaged(error, view->name, "the model's table is not intact");
    for (size_t i = 0; i < sizeof header.reserved; i++)
        if (header.reserved[i])
            return damaged(error, view->name,
                           "the model's header is not intact");
    return TENOR_OK;
}

static tenor_status check_sections(const struct view *view,
                                   tenor_error *error) {
    size_t at = sizeof(struct model_header);
    size_t end = at + sizeof view->table;
    for (uint32_t i = 0; i <= SECTION_COUNT; i++) {
        at = align(end);
        for (; end < at && end < view->size; end++)
            if (view->data[end])
                return damaged(error, view->name,
                               "the model's padding is not intact");
        if (i == SECTION_COUNT)
            break;
        const struct model_section *section = &view->table[i];
        if (section->id != i || section->offset != at || at > view->size ||
            section->size > view->size - at || section->item_size == 0 ||
            section->size % section->item_size != 0)
            return damaged(error, view->name,
                           "the model's sections are out of place");
        if (section->checksum !=
            XXH3_64bits(view->data + at, section->size))
            return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                            "section %u of the model does not match its "
                            "checksum; the file is damaged, train or fetch it "
                            "again",
                            i);
        end = at + section->size;
    }
    return at == view->size
               ? TENOR_OK
               : damaged(error, view->name, "the model has bytes too many");
}

/* The section as an array; NULL with *count 0 where it is empty, and *fits
 * turned false where its items have another size. */
static const void *section_array(const struct view *view, uint32_t id,
                                 size_t item_size, size_t *count,
                                 bool *fits) {
    const struct model_section *section = &view->table[id];
    if (section->item_size != item_size)
        *fits = false;
    *count = *fits ? section->size / item_size : 0;
    return view->data + section->offset;
}

/* A text section that ends in NUL. */
static bool text_section(const struct view *view, uint32_t id,
                         const char **text, size_t *size) {
    bool fits = true;
    *text = section_array(view, id, 1, size, &fits);
    return fits && *size > 0 && (*text)[*size - 1] == '\0';
}

#define SECTION_ARRAY(view, id, pointer, count, fits)                          \
    ((pointer) = (void *)(uintptr_t)section_array(                             \
         view, id, sizeof *(pointer), count, fits))

static bool map_strings(const struct view *view, uint32_t first,
                        uint32_t expected, struct strings *out) {
    bool fits = true;
    size_t slots, offsets, bytes;
    SECTION_ARRAY(view, first, out->slots, &slots, &fits);
    SECTION_ARRAY(view, first + 1, out->offsets, &offsets, &fits);
    SECTION_ARRAY(view, first + 2, out->bytes, &bytes, &fits);
    out->slot_count = slots;
    out->count = expected;
    out->byte_capacity = bytes; /* what vocabulary_check compares with */
    out->borrowed = true;
    return fits && offsets == (expected ? (size_t)expected + 1 : 0) &&
           (expected || (!slots && !bytes));
}

static bool map_vocabulary(const struct view *view,
                           const struct model_settings *settings,
                           struct vocabulary *out) {
    bool fits = true;
    size_t columns_of_words, df, idf, buckets, spilled;
    *out = (struct vocabulary){.text = settings->text,
                               .features = settings->features,
                               .documents = settings->documents,
                               .columns = settings->columns,
                               .word_columns = settings->word_columns,
                               .parts = settings->parts,
                               .borrowed = true};
    struct word_lists *lists = &out->lists;
    SECTION_ARRAY(view, SECTION_STOP_WORDS, lists->stop_words.data,
                  &lists->stop_words.size, &fits);
    SECTION_ARRAY(view, SECTION_VARIANTS, lists->variants.data,
                  &lists->variants.size, &fits);
    SECTION_ARRAY(view, SECTION_WORD_COLUMNS, out->column_of_word,
                  &columns_of_words, &fits);
    SECTION_ARRAY(view, SECTION_DF, out->df, &df, &fits);
    SECTION_ARRAY(view, SECTION_IDF, out->idf, &idf, &fits);
    fits = fits && columns_of_words == settings->word_count &&
           df == settings->columns && idf == settings->columns &&
           map_strings(view, SECTION_WORD_SLOTS, settings->word_count,
                       &out->words) &&
           map_strings(view, SECTION_GRAM_SLOTS, settings->gram_count,
                       &out->grams);
    for (uint32_t i = 0; fits && i < ARRAY_LENGTH(out->ngrams); i++) {
        struct ngram_table *table = &out->ngrams[i];
        SECTION_ARRAY(view, SECTION_NGRAMS + 2 * i, table->buckets, &buckets,
                      &fits);
        SECTION_ARRAY(view, SECTION_NGRAMS + 2 * i + 1, table->spilled,
                      &spilled, &fits);
        fits = fits && buckets <= UINT32_MAX && spilled <= UINT32_MAX;
        table->bucket_count = (uint32_t)buckets;
        table->spilled_count = (uint32_t)spilled;
        table->count = settings->ngram_counts[i];
        table->spans = settings->ngram_spans[i];
    }
    return fits;
}

static bool map_tasks(const struct view *view, struct tenor_model *model) {
    const struct stored_task *tasks = NULL;
    const struct stored_label *labels = NULL;
    const char *names;
    size_t names_size, next = 0;
    bool fits = text_section(view, SECTION_NAMES, &names, &names_size);
    SECTION_ARRAY(view, SECTION_TASKS, tasks, &model->task_count, &fits);
    SECTION_ARRAY(view, SECTION_LABELS, labels, &model->label_count, &fits);
    fits = fits && model->task_count > 0;
    for (size_t i = 0; fits && i < model->task_count; i++) {
        fits = tasks[i].name < names_size && tasks[i].multi <= 1 &&
               tasks[i].first == next && tasks[i].label_count > 0 &&
               tasks[i].label_count <= model->label_count - next;
        if (!fits)
            break;
        next += tasks[i].label_count;
        model->tasks[i] = (struct model_task){
            (char *)(uintptr_t)(names + tasks[i].name), tasks[i].multi,
            tasks[i].first, tasks[i].label_count};
    }
    for (size_t i = 0; fits && i < model->label_count; i++) {
        const struct stored_label *label = &labels[i];
        fits = label->name < names_size && isfinite(label->bias) &&
               isfinite(label->scale) && isfinite(label->shift) &&
               isfinite(label->threshold);
        if (fits)
            model->labels[i] = (struct model_label){
                (char *)(uintptr_t)(names + label->name), label->bias,
                label->scale, label->shift, label->threshold};
    }
    return fits && next == model->label_count;
}

static bool weights_finite(const float *weights, size_t count) {
    float sum = 0; /* 0 * w is 0, or not a number where w is not finite */
    for (size_t i = 0; i < count; i++)
        sum += 0 * weights[i];
    return sum == 0;
}

static tenor_status map_model(const struct view *view,
                              struct tenor_model *model, tenor_error *error) {
    bool fits = true;
    size_t count, provenance_size;
    const char *provenance;
    const struct model_settings *settings = NULL;
    SECTION_ARRAY(view, SECTION_SETTINGS, settings, &count, &fits);
    if (!fits || count != 1)
        return damaged(error, view->name, "the model's settings do not fit");
    size_t tasks =
        view->table[SECTION_TASKS].size / sizeof(struct stored_task);
    size_t labels =
        view->table[SECTION_LABELS].size / sizeof(struct stored_label);
    model->tasks = memory_new(tasks, sizeof *model->tasks);
    model->labels = memory_new(labels, sizeof *model->labels);
    if (!model->tasks || !model->labels)
        return error_memory(error);
    model->stride = settings->stride;
    SECTION_ARRAY(view, SECTION_WEIGHTS, model->weights, &count, &fits);
    fits = fits && map_tasks(view, model) &&
           map_vocabulary(view, settings, &model->vocabulary) &&
           text_section(view, SECTION_PROVENANCE, &provenance,
                        &provenance_size) &&
           model->stride == model_stride(model->label_count) &&
           count == (size_t)settings->columns * model->stride &&
           weights_finite(model->weights, count);
    if (!fits)
        return damaged(error, view->name, "the model's parts do not fit");
    model->provenance = (char *)(uintptr_t)provenance;
    tenor_status status = text_options_check(&settings->text, error);
    if (!status)
        status = feature_options_check(&settings->features, error);
    if (!status)
        status = vocabulary_check(&model->vocabulary, error);
    if (!status)
        status = term_names_new(&model->names, &model->vocabulary, error);
    if (status)
        error_locate(error, view->name, 0);
    return status;
}

tenor_status tenor_model_load_memory(tenor_model **out, const char *name,
                                     const void *data, size_t size,
                                     tenor_error *error) {
    *out = NULL;
    struct view view = {.name = name, .data = data, .size = size};
    if (!host_is_little_endian())
        return error_at(error, TENOR_ERROR_MODEL, name, 0, 0,
                        "models are read on little-endian machines only");
    if ((uintptr_t)data % sizeof(uint64_t) != 0)
        return error_at(error, TENOR_ERROR_USAGE, name, 0, 0,
                        "the model does not lie at a multiple of 8 bytes; "
                        "copy it to aligned memory");
    tenor_status status = open_view(&view, error);
    if (!status)
        status = check_sections(&view, error);
    if (status)
        return status;
    tenor_model *model = memory_new(1, sizeof *model);
    if (!model)
        return error_memory(error);
    model->borrowed = true;
    model->vocabulary.borrowed = true;
    status = map_model(&view, model, error);
    if (status)
        tenor_model_free(model);
    else
        *out = model;
    return status;
}

tenor_status tenor_model_load(tenor_model **out, const char *path,
                              tenor_error *error) {
    *out = NULL;
    struct file_bytes file;
    tenor_status status = file_load(&file, path, error);
    if (status)
        return status;
    status = tenor_model_load_memory(out, path, file.data, file.size, error);
    if (status)
        file_unload(&file);
    else
        (*out)->file = file;
    return status;
}
