// cairo, Pango and fontconfig, as Documents needs them. Only what Swift cannot import is here.
#ifndef DRIZZL_CCAIRO_SHIM_H
#define DRIZZL_CCAIRO_SHIM_H

#include <cairo-pdf.h>
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

// A macro in Pango, which Swift does not see.
static const double ccairo_pango_scale = PANGO_SCALE;

// The two casts are macros of GObject. Returns NULL when cairo was built without FreeType.
static inline PangoFontMap *ccairo_font_map_new(FcConfig *config) {
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (map != NULL) {
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
        pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72.0);
    }
    return map;
}

static inline void ccairo_unref(void *object) {
    g_object_unref(object);
}

#endif
