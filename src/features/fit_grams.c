/* Character n-grams: cut once from every distinct form, then counted over the
 * texts by way of the forms. */
#include "features/fit.h"

struct cut {
    struct strings *grams;
    uint32_t *ids;
    size_t count, capacity;
};

static bool add_gram(void *context, struct slice gram) {
    struct cut *cut = context;
    if (!memory_reserve(&cut->ids, &cut->capacity, cut->count + 1,
                        sizeof *cut->ids))
        return false;
    return strings_add(cut->grams, &cut->ids[cut->count++], gram);
}

/* One numbering of all workers' forms; the streams are renumbered to it. */
static bool merge_forms(struct fit *fit, struct strings *forms) {
    for (size_t w = 0; w < fit->threads; w++) {
        struct fit_worker *worker = &fit->workers[w];
        uint32_t *number =
            memory_new_raw(worker->forms.count, sizeof *number);
        bool good = number != NULL;
        for (uint32_t i = 0; good && i < worker->forms.count; i++)
            good = strings_add(forms, &number[i],
                               strings_get(&worker->forms, i));
        struct fit_stream *stream = &worker->form_stream;
        for (size_t i = 0; good && i < stream->count; i++)
            stream->numbers[i] = number[stream->numbers[i]];
        memory_free(number);
        strings_clear(&worker->forms);
        if (!good)
            return false;
    }
    return true;
}

struct count_work {
    struct fit *fit;
    uint32_t **df, **last; /* [threads][grams] */
};

static void count_chunk(void *context, size_t chunk, size_t worker) {
    struct count_work *work = context;
    const struct fit *fit = work->fit;
    uint32_t *df = work->df[worker], *last = work->last[worker];
    for (size_t i = chunk * FIT_CHUNK; i < fit_chunk_end(fit, chunk); i++) {
        const uint32_t *forms = fit_forms(fit, i);
        uint32_t mark = (uint32_t)i + 1;
        for (uint32_t k = 0; k < fit->read[i].form_count; k++)
            for (size_t g = fit->gram_starts[forms[k]];
                 g < fit->gram_starts[forms[k] + 1]; g++) {
                uint32_t gram = fit->gram_ids[g];
                if (last[gram] == mark)
                    continue;
                last[gram] = mark;
                df[gram]++;
            }
    }
}

/* Document frequencies of all grams, into df[0]. */
static bool count_grams(struct fit *fit, size_t grams, uint32_t **out) {
    struct count_work work = {
        fit, memory_new(fit->threads, sizeof *work.df),
        memory_new(fit->threads, sizeof *work.last)};
    bool good = work.df && work.last;
    for (size_t w = 0; good && w < fit->threads; w++) {
        work.df[w] = memory_new(grams, sizeof **work.df);
        work.last[w] = memory_new(grams, sizeof **work.last);
        good = work.df[w] && work.last[w];
    }
    if (good)
        thread_pool_run(fit->pool, fit_chunks(fit), count_chunk, &work);
    for (size_t w = 1; good && w < fit->threads; w++)
        for (size_t i = 0; i < grams; i++)
            work.df[0][i] += work.df[w][i];
    if (good) {
        *out = work.df[0];
        work.df[0] = NULL;
    }
    for (size_t w = 0; w < fit->threads; w++) {
        if (work.df)
            memory_free(work.df[w]);
        if (work.last)
            memory_free(work.last[w]);
    }
    memory_free(work.df);
    memory_free(work.last);
    return good;
}

bool fit_grams(struct fit *fit) {
    const struct feature_options *options = &fit->out->features;
    if (options->char_max == 0)
        return true;
    struct strings forms = {0}, grams = {0};
    struct cut cut = {.grams = &grams};
    uint32_t *df = NULL, *number = NULL;
    bool good = merge_forms(fit, &forms);
    fit->gram_starts =
        memory_new((size_t)forms.count + 1, sizeof *fit->gram_starts);
    good = good && fit->gram_starts;
    for (uint32_t i = 0; good && i < forms.count; i++) {
        good = grams_visit(strings_get(&forms, i), options->char_min,
                           options->char_max, add_gram, &cut);
        fit->gram_starts[i + 1] = cut.count;
    }
    fit->gram_ids = cut.ids;
    good = good && count_grams(fit, grams.count, &df);
    number = memory_new_raw(grams.count, sizeof *number);
    double most = options->max_df * (double)fit->count;
    good = good && number &&
           fit_order_strings(&fit->out->grams, &fit->gram_df, number, &grams,
                             df, options->min_df, (uint32_t)most);
    for (size_t i = 0; good && i < cut.count; i++)
        fit->gram_ids[i] = number[fit->gram_ids[i]];
    memory_free(df);
    memory_free(number);
    strings_clear(&forms);
    strings_clear(&grams);
    return good;
}
