/* From texts to a vocabulary (the stages stand in fit.h): reading, merging. */
#include "features/fit.h"

#include <string.h>

/* ---- 1 read ----------------------------------------------------------------- */
static bool count_word(struct fit_worker *worker, uint32_t *id,
                       struct slice term) {
    struct counted_strings *words = &worker->words;
    uint32_t before = words->strings.count;
    if (!strings_add(&words->strings, id, term))
        return false;
    if (*id < before)
        return true;
    if (!memory_reserve(&words->df, &words->df_capacity, (size_t)before + 1,
                        sizeof *words->df) ||
        !memory_reserve(&words->last, &words->last_capacity,
                        (size_t)before + 1, sizeof *words->last))
        return false;
    words->df[before] = 0;
    words->last[before] = 0;
    return true;
}

static bool resolve(void *context, struct surface *surface,
                    struct surface_more *more,
                    const struct normalized *normalized) {
    (void)more;
    struct fit_worker *worker = context;
    const struct feature_options *options = &worker->fit->out->features;
    if (options->ngram_max && normalized->fate == WORD_TERM &&
        !count_word(worker, &surface->word, normalized->term))
        return false;
    if (options->char_max && surface->kind != WORD_MARK &&
        normalized->form.size > 0)
        return strings_add(&worker->forms, &surface->form, normalized->form);
    return true;
}

static bool stream_add(struct fit_stream *stream, uint32_t number) {
    if (!memory_reserve(&stream->numbers, &stream->capacity,
                        stream->count + 1, sizeof *stream->numbers))
        return false;
    stream->numbers[stream->count++] = number;
    return true;
}

static bool read_text(struct fit_worker *worker, struct fit_text *read,
                      struct slice text, uint32_t mark) {
    struct counted_strings *words = &worker->words;
    bool want_forms = worker->fit->out->features.char_max > 0;
    const struct surface *batch[TOKEN_BATCH];
    size_t count;
    token_reader_start(&worker->reader, text);
    do {
        if (!token_reader_next(&worker->reader, batch, &count))
            return false;
        for (size_t i = 0; i < count; i++) {
            uint32_t word = batch[i]->word;
            if (word < TOKEN_LIMIT && words->last[word] != mark) {
                words->last[word] = mark;
                words->df[word]++;
            }
            if (word != TOKEN_SKIPPED &&
                !stream_add(&worker->word_stream, word))
                return false;
            if (want_forms && batch[i]->form != TOKEN_UNKNOWN &&
                !stream_add(&worker->form_stream, batch[i]->form))
                return false;
        }
    } while (count > 0);
    size_t word_count = worker->word_stream.count - read->words;
    size_t form_count = worker->form_stream.count - read->forms;
    if (word_count > UINT32_MAX || form_count > UINT32_MAX)
        return false;
    read->word_count = (uint32_t)word_count;
    read->form_count = (uint32_t)form_count;
    return true;
}

static void read_chunk(void *context, size_t chunk, size_t number) {
    struct fit *fit = context;
    struct fit_worker *worker = &fit->workers[number];
    for (size_t i = chunk * FIT_CHUNK;
         i < fit_chunk_end(fit, chunk) && !worker->failed; i++) {
        fit->read[i] = (struct fit_text){.worker = (uint32_t)number,
                                         .words = worker->word_stream.count,
                                         .forms = worker->form_stream.count};
        fit->read[i].marker_count = (uint32_t)markers_find(
            fit->read[i].markers, fit->out->features.markers, fit->texts[i],
            fit->kinds ? (enum paragraph_kind)fit->kinds[i] : PARAGRAPH_PROSE);
        worker->failed = !read_text(worker, &fit->read[i], fit->texts[i],
                                    (uint32_t)i + 1);
    }
}

static tenor_status read_texts(struct fit *fit, tenor_error *error) {
    for (size_t i = 0; i < fit->threads; i++) {
        struct fit_worker *worker = &fit->workers[i];
        worker->fit = fit;
        tenor_status status =
            token_reader_init(&worker->reader, &fit->out->text,
                              &fit->out->lists, resolve, worker, error);
        if (status)
            return status;
    }
    thread_pool_run(fit->pool, fit_chunks(fit), read_chunk, fit);
    for (size_t i = 0; i < fit->threads; i++) {
        if (fit->workers[i].failed)
            return error_memory(error);
        token_reader_clear(&fit->workers[i].reader);
    }
    return TENOR_OK;
}

/* ---- 2 merge ----------------------------------------------------------------- */
bool fit_order_strings(struct strings *out, uint32_t **out_df,
                       uint32_t *number, const struct strings *from,
                       const uint32_t *df, uint32_t min_df, uint32_t max_df) {
    size_t count = 0;
    struct sort_item *items = memory_new_raw(from->count, sizeof *items);
    struct sort_item *scratch = memory_new_raw(from->count, sizeof *items);
    bool good = items && scratch;
    for (uint32_t i = 0; good && i < from->count; i++) {
        number[i] = STRINGS_NONE;
        if (df[i] >= min_df && df[i] <= max_df)
            items[count++] =
                (struct sort_item){strings_hash(strings_get(from, i)), i};
    }
    if (good)
        sort_by_df(items, scratch, count, df);
    memory_free(scratch); /* it is as large as the words themselves */
    *out_df = memory_new_raw(count, sizeof **out_df);
    good = good && *out_df;
    for (size_t i = 0; good && i < count; i++) {
        uint32_t old = items[i].id;
        good = strings_add(out, &number[old], strings_get(from, old));
        (*out_df)[i] = df[old];
    }
    memory_free(items);
    return good;
}

static void clear_words(struct counted_strings *words) {
    strings_clear(&words->strings);
    memory_free(words->df);
    memory_free(words->last);
    *words = (struct counted_strings){0};
}

struct renumber_work {
    struct fit *fit;
    uint32_t **numbers; /* [threads][worker's words] among all; NULL: the same */
    uint32_t *kept;     /* [all words] number in the vocabulary */
};

static void renumber_stream(void *context, size_t item, size_t worker) {
    (void)worker;
    struct renumber_work *work = context;
    struct fit_stream *stream = &work->fit->workers[item].word_stream;
    const uint32_t *number = work->numbers[item];
    for (size_t i = 0; i < stream->count; i++) {
        uint32_t word = stream->numbers[i];
        if (word != TOKEN_UNKNOWN)
            stream->numbers[i] = work->kept[number ? number[word] : word];
    }
}

/* Adds one worker's words to those of all, and frees them. */
static bool join_words(struct counted_strings *all, uint32_t **number,
                       struct counted_strings *words) {
    uint32_t count = words->strings.count;
    *number = memory_new_raw(count, sizeof **number);
    bool good = *number != NULL;
    for (uint32_t i = 0; good && i < count; i++) {
        uint32_t before = all->strings.count, *id = &(*number)[i];
        good = strings_add(&all->strings, id, strings_get(&words->strings, i)) &&
               memory_reserve(&all->df, &all->df_capacity, all->strings.count,
                              sizeof *all->df);
        if (good)
            all->df[*id] = (*id == before ? 0 : all->df[*id]) + words->df[i];
    }
    clear_words(words);
    return good;
}

static bool merge_words(struct fit *fit) {
    struct renumber_work work = {
        .fit = fit, .numbers = memory_new(fit->threads, sizeof *work.numbers)};
    bool good = work.numbers != NULL;
    /* the first worker's words are where the others' are added */
    struct counted_strings all = fit->workers[0].words;
    fit->workers[0].words = (struct counted_strings){0};
    memory_free(all.last);
    all.last = NULL;
    for (size_t w = 1; good && w < fit->threads; w++)
        good = join_words(&all, &work.numbers[w], &fit->workers[w].words);
    work.kept = memory_new_raw(all.strings.count, sizeof *work.kept);
    good = good && work.kept &&
           fit_order_strings(&fit->out->words, &fit->word_df, work.kept,
                             &all.strings, all.df, fit->out->features.min_df,
                             UINT32_MAX);
    clear_words(&all);
    if (good)
        thread_pool_run(fit->pool, fit->threads, renumber_stream, &work);
    for (size_t w = 0; work.numbers && w < fit->threads; w++)
        memory_free(work.numbers[w]);
    memory_free(work.numbers);
    memory_free(work.kept);
    return good;
}

/* ---- all ------------------------------------------------------------------------ */
static bool copy_list(struct slice *out, struct slice list) {
    if (list.size == 0)
        return true;
    out->data = memory_copy_text(list.data, list.size);
    out->size = list.size;
    return out->data != NULL;
}

static void clear_fit(struct fit *fit) {
    for (size_t i = 0; fit->workers && i < fit->threads; i++) {
        struct fit_worker *worker = &fit->workers[i];
        token_reader_clear(&worker->reader);
        clear_words(&worker->words);
        strings_clear(&worker->forms);
        memory_free(worker->word_stream.numbers);
        memory_free(worker->form_stream.numbers);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(fit->ngram_keys); i++) {
        memory_free(fit->ngram_keys[i]);
        memory_free(fit->ngram_df[i]);
    }
    memory_free(fit->workers);
    memory_free(fit->read);
    memory_free(fit->word_df);
    memory_free(fit->gram_df);
    memory_free(fit->gram_starts);
    memory_free(fit->gram_ids);
}

static tenor_status cancelled(tenor_error *error) {
    return error_set(error, TENOR_ERROR_CANCELLED,
                     "stopped before the vocabulary was complete");
}

static tenor_status run(struct fit *fit, struct matrix *rows,
                        const struct progress *progress, tenor_error *error) {
    static const char stage[] = "reading words";
    tenor_status status = TENOR_OK;
    if (!progress_step(progress, stage, 0, 4))
        return cancelled(error);
    status = read_texts(fit, error);
    if (status)
        return status;
    if (!progress_step(progress, stage, 1, 4))
        return cancelled(error);
    if (!merge_words(fit) || !fit_ngrams(fit))
        return error_memory(error);
    if (!progress_step(progress, stage, 2, 4))
        return cancelled(error);
    if (!fit_grams(fit) || !fit_columns(fit))
        return error_memory(error);
    if (!progress_step(progress, stage, 3, 4))
        return cancelled(error);
    if (rows)
        status = fit_rows(fit, rows, error);
    if (!status && fit->out->features.selection == SELECT_FREQUENCY)
        status = vocabulary_select(fit->out, rows, NULL, 0, error);
    progress_step(progress, stage, 4, 4);
    return status;
}

tenor_status vocabulary_fit(struct vocabulary *out, struct matrix *rows,
                            const struct slice *texts, size_t count,
                            const struct vocabulary_options *options,
                            struct thread_pool *pool,
                            const struct progress *progress,
                            tenor_error *error) {
    *out = (struct vocabulary){0};
    if (rows)
        *rows = (struct matrix){0};
    tenor_status status = feature_options_check(&options->features, error);
    if (status)
        return status;
    if (count >= TOKEN_LIMIT)
        return error_set(error, TENOR_ERROR_INPUT,
                         "more than four billion paragraphs; train on fewer");
    out->text = options->text;
    out->features = options->features;
    out->documents = (uint32_t)count;
    struct fit fit = {.out = out,
                      .texts = texts,
                      .kinds = options->kinds,
                      .count = count,
                      .pool = pool,
                      .threads = thread_pool_threads(pool)};
    fit.workers = memory_new(fit.threads, sizeof *fit.workers);
    fit.read = memory_new(count, sizeof *fit.read);
    if (!copy_list(&out->lists.stop_words, options->lists.stop_words) ||
        !copy_list(&out->lists.variants, options->lists.variants) ||
        !fit.workers || !fit.read)
        status = error_memory(error);
    else
        status = run(&fit, rows, progress, error);
    clear_fit(&fit);
    if (!status && out->columns == markers_count(out->features.markers))
        status = error_set(error, TENOR_ERROR_INPUT,
                           "no term is left for the vocabulary; lower the "
                           "minimum document frequency or add paragraphs");
    if (status) {
        vocabulary_clear(out);
        if (rows)
            matrix_clear(rows);
    }
    return status;
}
