/* A model's file, opened and verified: the table's checksum, every section's
 * bounds and checksum, the gaps between them. What the sections hold is for
 * file_map.c to judge. */
#include "model/file.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

tenor_status model_damaged(tenor_error *error, const char *name,
                           const char *what) {
    return error_at(error, TENOR_ERROR_MODEL, name, 0, 0,
                    "%s; the file is damaged, train or fetch it again", what);
}

static tenor_status open_view(struct model_view *view, tenor_error *error) {
    struct model_header header;
    if (view->size < sizeof header.magic ||
        memcmp(view->data, MODEL_MAGIC, sizeof header.magic) != 0)
        return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                        "is not a tenor model; name a file made by "
                        "tenor-train");
    if (view->size < sizeof header)
        return model_damaged(error, view->name, "the model is cut short");
    memcpy(&header, view->data, sizeof header);
    if (header.format != MODEL_FORMAT)
        return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                        "the model has format %u, this program reads format "
                        "%d; train it again or use the matching version",
                        header.format, MODEL_FORMAT);
    if (header.file_size != view->size)
        return model_damaged(error, view->name,
                             header.file_size > view->size
                                 ? "the model is cut short"
                                 : "the model has bytes too many");
    view->sections = header.section_count;
    size_t table_size = view->sections * sizeof *view->table;
    if (model_section_count_fits(view->sections) &&
        view->size >= sizeof header + model_align(table_size))
        memcpy(view->table, view->data + sizeof header, table_size);
    else
        table_size = 0;
    if (table_size == 0 ||
        header.checksum != XXH3_64bits(view->table, table_size))
        return model_damaged(error, view->name,
                             "the model's table is not intact");
    for (size_t i = 0; i < sizeof header.reserved; i++)
        if (header.reserved[i])
            return model_damaged(error, view->name,
                                 "the model's header is not intact");
    return TENOR_OK;
}

static tenor_status check_sections(const struct model_view *view,
                                   tenor_error *error) {
    size_t at = sizeof(struct model_header);
    size_t end = at + view->sections * sizeof *view->table;
    for (uint32_t i = 0; i <= view->sections; i++) {
        at = model_align(end);
        for (; end < at && end < view->size; end++)
            if (view->data[end])
                return model_damaged(error, view->name,
                                     "the model's padding is not intact");
        if (i == view->sections)
            break;
        const struct model_section *section = &view->table[i];
        if (section->id != i || section->offset != at || at > view->size ||
            section->size > view->size - at || section->item_size == 0 ||
            section->size % section->item_size != 0)
            return model_damaged(error, view->name,
                                 "the model's sections are out of place");
        if (section->checksum != XXH3_64bits(view->data + at, section->size))
            return error_at(error, TENOR_ERROR_MODEL, view->name, 0, 0,
                            "section %u of the model does not match its "
                            "checksum; the file is damaged, train or fetch it "
                            "again",
                            i);
        end = at + section->size;
    }
    return at == view->size ? TENOR_OK
                            : model_damaged(error, view->name,
                                            "the model has bytes too many");
}

tenor_status tenor_model_load_memory(tenor_model **out, const char *name,
                                     const void *data, size_t size,
                                     tenor_error *error) {
    *out = NULL;
    struct model_view view = {.name = name, .data = data, .size = size};
    if (!model_host_fits())
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
    status = model_map(&view, model, error);
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
