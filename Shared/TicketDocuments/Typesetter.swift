import CPango
import Synchronization

/// Lays out texts with fonts that stay loaded, and keeps what it laid out: most texts of a ticket stand on every ticket of
/// its event, and finding fonts costs more than all the drawing.
///
/// `@unchecked Sendable` is safe because each is lent to one document at a time; pango and cairo let go of no thread's own
/// state here, since the font map is not the thread's default one.
final class Typesetter: @unchecked Sendable {
    /// Everything that decides how a text is laid out.
    private struct Request: Hashable {
        let text: String
        let style: TextStyle
        let width: Double
        let maximumHeight: Double
    }

    /// How many layouts are young before the older ones that were not asked for again are let go.
    private static let generationSize = 192
    /// How many typesetters rest between documents: as many as are drawn at once in the usual case.
    private static let maximumIdle = 2
    private static let idle = Mutex<[Typesetter]>([])

    let textContext: OpaquePointer

    private let fontMap: UnsafeMutablePointer<PangoFontMap>
    private var young: [Request: TextBlock?] = [:]
    private var old: [Request: TextBlock?] = [:]
    private var latinFaces: [OpaquePointer: LatinFace] = [:]

    /// - Throws: ``TicketDocumentError/noFonts``, or ``TicketDocumentError/drawingFailed(_:)`` when memory is short.
    init() throws(TicketDocumentError) {
        guard let fontMap = pango_cairo_font_map_new() else { throw .drawingFailed("out of memory") }
        guard let textContext = pango_font_map_create_context(fontMap) else {
            g_object_unref(UnsafeMutableRawPointer(fontMap))
            throw .drawingFailed("out of memory")
        }
        self.fontMap = fontMap
        self.textContext = textContext
        guard Self.hasFonts(textContext) else { throw .noFonts }
        // Rounding to whole units is for screens; on paper it makes uneven letter spaces.
        pango_context_set_round_glyph_positions(textContext, 0)
        try Self.prepareForPDF(textContext)
    }

    deinit {
        young = [:]
        old = [:]
        g_object_unref(UnsafeMutableRawPointer(textContext))
        g_object_unref(UnsafeMutableRawPointer(fontMap))
    }

    /// Lends a typesetter that rests, or a new one.
    static func lend<Result>(
        _ body: (Typesetter) throws(TicketDocumentError) -> Result
    ) throws(TicketDocumentError) -> Result {
        let rested = idle.withLock { $0.popLast() }
        let typesetter = if let rested { rested } else { try Typesetter() }
        defer {
            idle.withLock { idle in
                if idle.count < maximumIdle { idle.append(typesetter) }
            }
        }
        return try body(typesetter)
    }

    /// The text laid out; nil when there is nothing to see of it.
    func block(_ text: String, _ style: TextStyle, width: Double, maximumHeight: Double) -> TextBlock? {
        let request = Request(text: text, style: style, width: width, maximumHeight: maximumHeight)
        if let known = young[request] { return known }
        let block =
            old[request]
            ?? TextBlock(text, style, width: width, maximumHeight: maximumHeight, textContext: textContext)
        if young.count >= Self.generationSize {
            old = young
            young = [:]
        }
        young[request] = .some(block)
        return block
    }

    /// A font as ``LatinCanvas`` embeds it; nil when it cannot.
    func latinFace(_ face: OpaquePointer) -> LatinFace? {
        if let known = latinFaces[face] { return known }
        // Keeps the font, so that its address stays its own.
        let latinFace = LatinFace(face)
        latinFaces[face] = latinFace
        return latinFace
    }

    /// Tells pango once what it lays out for: told again for every document, it would lay out everything anew.
    private static func prepareForPDF(_ textContext: OpaquePointer) throws(TicketDocumentError) {
        guard let surface = cairo_pdf_surface_create_for_stream(nil, nil, PDFCanvas.pageWidth, PDFCanvas.pageHeight)
        else { throw .drawingFailed("out of memory") }
        defer { cairo_surface_destroy(surface) }
        guard let context = cairo_create(surface) else { throw .drawingFailed("out of memory") }
        defer { cairo_destroy(context) }
        pango_cairo_update_context(context, textContext)
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
