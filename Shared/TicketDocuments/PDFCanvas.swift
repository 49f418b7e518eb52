import CPango
import Foundation

/// A PDF document in memory, drawn page by page with cairo; all measures are points (1/72 inch) from the top left.
///
/// Stays on the thread that made it, because pango's font map belongs to the thread.
final class PDFCanvas {
    /// ISO 216 A4.
    static let pageWidth = 210.0 / 25.4 * 72
    static let pageHeight = 297.0 / 25.4 * 72

    let context: OpaquePointer
    let textContext: OpaquePointer

    private let surface: OpaquePointer
    private let sink: ByteSink

    /// - Throws: ``TicketDocumentError/noFonts``, or ``TicketDocumentError/drawingFailed(_:)`` when memory is short.
    init() throws(TicketDocumentError) {
        let sink = ByteSink()
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                ByteSink.write, sink.context, Self.pageWidth, Self.pageHeight)
        else { throw .drawingFailed("out of memory") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw .drawingFailed("out of memory")
        }
        guard let textContext = pango_cairo_create_context(context) else {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .drawingFailed("out of memory")
        }
        guard Self.hasFonts(textContext) else {
            g_object_unref(UnsafeMutableRawPointer(textContext))
            cairo_destroy(context)
            cairo_surface_destroy(surface)
            throw .noFonts
        }
        // Rounding to whole units is for screens; on paper it makes uneven letter spaces.
        pango_context_set_round_glyph_positions(textContext, 0)
        self.sink = sink
        self.surface = surface
        self.context = context
        self.textContext = textContext
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(textContext))
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// The document's properties. Without a creation date of its own cairo would write the current time.
    func setMetadata(title: String, author: String, createdAt: Date) {
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Voelgoed Events")
        let time = createdAt.ISO8601Format()
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, time)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, time)
    }

    func endPage() {
        cairo_show_page(context)
    }

    /// The whole document. Nothing may be drawn afterwards.
    func finish() throws(TicketDocumentError) -> [UInt8] {
        cairo_surface_finish(surface)
        for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw .drawingFailed(String(cString: cairo_status_to_string(status)))
        }
        return sink.bytes
    }

    func setColor(_ color: TicketColor) {
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
    }

    func fillRoundedRectangle(x: Double, y: Double, width: Double, height: Double, radius: Double, color: TicketColor) {
        cairo_new_path(context)
        cairo_arc(context, x + width - radius, y + radius, radius, -.pi / 2, 0)
        cairo_arc(context, x + width - radius, y + height - radius, radius, 0, .pi / 2)
        cairo_arc(context, x + radius, y + height - radius, radius, .pi / 2, .pi)
        cairo_arc(context, x + radius, y + radius, radius, .pi, .pi * 1.5)
        cairo_close_path(context)
        setColor(color)
        cairo_fill(context)
    }

    func strokeLine(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), color: TicketColor, width: Double,
        dashes: [Double] = []
    ) {
        cairo_save(context)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, dashes, Int32(dashes.count), 0)
        setColor(color)
        cairo_move_to(context, start.x, start.y)
        cairo_line_to(context, end.x, end.y)
        cairo_stroke(context)
        cairo_restore(context)
    }

    /// Draws the symbol with its quiet zone into a white square. One path, so that no viewer shows seams between rows.
    func drawSymbol(_ matrix: QRMatrix, x: Double, y: Double, side: Double) {
        setColor(.white)
        cairo_rectangle(context, x, y, side, side)
        cairo_fill(context)
        cairo_save(context)
        cairo_translate(context, x, y)
        let module = side / Double(matrix.size + 2 * QRMatrix.quietZone)
        cairo_scale(context, module, module)
        cairo_translate(context, Double(QRMatrix.quietZone), Double(QRMatrix.quietZone))
        for row in 0..<matrix.size {
            for run in matrix.darkRuns(row: row) {
                cairo_rectangle(context, Double(run.lowerBound), Double(row), Double(run.count), 1)
            }
        }
        cairo_set_source_rgb(context, 0, 0, 0)
        cairo_fill(context)
        cairo_restore(context)
    }

    /// pango lists its generic families even when there is nothing behind them, so one has to be loaded.
    private static func hasFonts(_ textContext: OpaquePointer) -> Bool {
        let description = pango_font_description_from_string("sans 10")
        defer { pango_font_description_free(description) }
        guard let font = pango_context_load_font(textContext, description) else { return false }
        g_object_unref(font)
        return true
    }
}
