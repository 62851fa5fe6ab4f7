/* api/data.c: the list of bindings, table by table. Nothing is opened here. */
#include "api/handle.h"

#define FREE(data) at_api_handle_free((data), sizeof(struct attain_data))

attain_status attain_data_new(const attain_allocator *allocator, attain_data **out) {
    if (!out) return ATTAIN_USAGE;
    *out = at_api_handle_new(allocator, sizeof **out);
    return *out ? ATTAIN_OK : ATTAIN_NO_MEMORY;
}

void attain_data_free(attain_data *data) {
    if (data) FREE(data);
}

/* The arguments of a change, which at_api_own_run passes to the function that may need memory. */
struct change {
    attain_data *data;
    const char *name; /* of the folder, or of the table */
    const struct at_source_binding *binding;
};

static attain_status set_directory(void *context) {
    const struct change *change = context;
    attain_data *data = change->data;
    data->directory = at_str_copy(&data->own.arena, at_str_z(change->name));
    data->has_directory = true;
    return ATTAIN_OK;
}

attain_status attain_data_set_directory(attain_data *data, const char *path) {
    if (!data || !path) return ATTAIN_USAGE;
    struct change change = {.data = data, .name = path};
    return at_api_own_run(&data->own, set_directory, &change);
}

/* Needs no memory, so it cannot fail. */
void attain_data_allow_outside(attain_data *data, bool allow) {
    if (data) data->anywhere = allow;
}

/* The binding of that name, made where there is none. */
static struct at_api_data_binding *binding_of(attain_data *data, at_str table) {
    size_t size = sizeof *data->bindings;
    for (uint32_t i = 0; i < data->n_bindings; i++)
        if (at_str_eq(data->bindings[i].table, table)) return &data->bindings[i];
    if (data->n_bindings == data->room) {
        uint32_t room = data->room * 2 + 8;
        data->bindings = at_arena_grow(&data->own.arena, data->bindings, data->room * size, room * size);
        data->room = room;
    }
    /* Copied before n_bindings counts the binding, so that a failure of memory leaves the list as it was.
     * */
    at_str copy = at_str_copy(&data->own.arena, table);
    struct at_api_data_binding *binding = &data->bindings[data->n_bindings++];
    *binding = (struct at_api_data_binding){.table = copy};
    return binding;
}

static attain_status bind_inside(void *context) {
    const struct change *change = context;
    attain_data *data = change->data;
    at_str name = at_str_copy(&data->own.arena, change->binding->name);
    struct at_source_binding *to = &binding_of(data, at_str_z(change->name))->binding;
    /* The last binding of a table counts. The bytes of a table in memory stay the host's, and are not
     * copied. */
    *to = *change->binding;
    to->name = name;
    if (to->kind == AT_FROM_FILE) to->path = name;
    return ATTAIN_OK;
}

/* The name of the binding is copied. It is the path if the binding is a file. */
static attain_status bind(attain_data *data, const char *table, const struct at_source_binding *binding) {
    struct change change = {data, table, binding};
    return at_api_own_run(&data->own, bind_inside, &change);
}

attain_status attain_data_bind_file(attain_data *data, const char *table, const char *path) {
    if (!data || !table || !path) return ATTAIN_USAGE;
    return bind(data, table, &(struct at_source_binding){.kind = AT_FROM_FILE, .name = at_str_z(path)});
}

attain_status attain_data_bind_memory(attain_data *data, const char *table, const char *csv, size_t length,
                                      const char *name) {
    if (!data || !table || (!csv && length > 0) || length > UINT32_MAX) return ATTAIN_USAGE;
    at_str bytes = {length ? csv : "", (uint32_t)length};
    return bind(data, table,
                &(struct at_source_binding){
                    .kind = AT_FROM_MEMORY, .name = at_str_z(name ? name : table), .bytes = bytes});
}
