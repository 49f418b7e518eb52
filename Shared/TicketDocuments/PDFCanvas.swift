import CPango
import Foundation

/// A PDF document in memory, drawn page by page with cairo: for texts in any script.
final class PDFCanvas: TicketCanvas {
    /// ISO 216 A4.
    static let pageWidth = 210.0 / 25.4 * 72
    static let pageHeight = 297.0 / 25.4 * 72

    /// More than one, so that viewers that smooth pictures blur no more than the edge of a module.
    private static let pixelsPerModule = 4

    let typesetter: Typesetter

    private let context: OpaquePointer
    private let surface: OpaquePointer
    private let sink: ByteSink

    /// - Throws: ``TicketDocumentError/drawingFailed(_:)`` when memory is short.
    init(_ typesetter: Typesetter) throws(TicketDocumentError) {
        let sink = ByteSink()
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                ByteSink.write, sink.context, Self.pageWidth, Self.pageHeight)
        else { throw .drawingFailed("out of memory") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw .drawingFailed("out of memory")
        }
        self.sink = sink
        self.surface = surface
        self.context = context
        self.typesetter = typesetter
    }

    deinit {
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

    func fill(_ path: TicketPath, color: TicketColor) {
        trace(path)
        setColor(color)
        cairo_fill(context)
    }

    func stroke(_ path: TicketPath, color: TicketColor, width: Double, dashes: [Double]) {
        cairo_save(context)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, dashes, Int32(dashes.count), 0)
        setColor(color)
        trace(path)
        cairo_stroke(context)
        cairo_restore(context)
    }

    func fillGradient(
        within outline: TicketPath, left: Double, top: Double, right: Double, bottom: Double, from start: TicketColor,
        to end: TicketColor
    ) {
        cairo_save(context)
        trace(outline)
        cairo_clip(context)
        let gradient = cairo_pattern_create_linear(left, top, right, bottom)
        cairo_pattern_add_color_stop_rgb(gradient, 0, start.red, start.green, start.blue)
        cairo_pattern_add_color_stop_rgb(gradient, 1, end.red, end.green, end.blue)
        cairo_set_source(context, gradient)
        trace(.rectangle(x: left, y: top, width: right - left, height: bottom - top))
        cairo_fill(context)
        cairo_pattern_destroy(gradient)
        cairo_restore(context)
    }

    func draw(_ block: TextBlock, x: Double, y: Double) {
        cairo_save(context)
        if block.isTooTall {
            // One line of piled-up marks; what it would cover matters more.
            cairo_rectangle(context, x, y, block.width, block.height)
            cairo_clip(context)
        }
        setColor(block.color)
        cairo_move_to(context, x, y + block.topOverhang)
        pango_cairo_show_layout(context, block.layout)
        cairo_restore(context)
    }

    private func setColor(_ color: TicketColor) {
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
    }

    private func trace(_ path: TicketPath) {
        cairo_new_path(context)
        for segment in path.segments {
            switch segment {
            case .move(let x, let y): cairo_move_to(context, x, y)
            case .line(let x, let y): cairo_line_to(context, x, y)
            case .arc(let x, let y, let radius, let from, let to) where from <= to:
                cairo_arc(context, x, y, radius, from, to)
            case .arc(let x, let y, let radius, let from, let to):
                cairo_arc_negative(context, x, y, radius, from, to)
            case .close: cairo_close_path(context)
            }
        }
    }

    /// As one picture: no viewer shows seams between rows, and a path of its thousand corners would cost more than the rest
    /// of the page.
    func drawSymbol(
        _ matrix: QRMatrix, x: Double, y: Double, side: Double
    ) throws(TicketDocumentError) {
        fill(.rectangle(x: x, y: y, width: side, height: side), color: .white)
        guard let picture = matrix.mask(pixelsPerModule: Self.pixelsPerModule) else {
            throw .drawingFailed("out of memory")
        }
        defer { cairo_surface_destroy(picture) }
        let pixel = side / Double((matrix.size + 2 * QRMatrix.quietZone) * Self.pixelsPerModule)
        let inset = Double(QRMatrix.quietZone * Self.pixelsPerModule)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, pixel, pixel)
        cairo_set_source_rgb(context, 0, 0, 0)
        let pattern = cairo_pattern_create_for_surface(picture)
        cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
        var shift = cairo_matrix_t()
        cairo_matrix_init_translate(&shift, -inset, -inset)
        cairo_pattern_set_matrix(pattern, &shift)
        cairo_mask(context, pattern)
        cairo_pattern_destroy(pattern)
        cairo_restore(context)
    }
}
