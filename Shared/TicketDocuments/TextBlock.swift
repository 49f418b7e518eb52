import CPango
import Foundation

/// Text laid out by pango, in any script, within a width and a height it never exceeds.
///
/// Text that is too long wraps, then gets smaller down to the style's minimum, and only then ends in an ellipsis.
final class TextBlock {
    /// What the text takes up, with marks that stick out of its lines; never more than the maximum.
    let height: Double

    let layout: OpaquePointer
    let color: TicketColor
    let width: Double
    /// How far marks stick out of the first line.
    let topOverhang: Double
    let isTooTall: Bool

    private let isBold: Bool
    /// Nil until somebody asked.
    private var knownLatinText: LatinText??

    init?(
        _ text: String, _ style: TextStyle, width: Double, maximumHeight: Double, textContext: OpaquePointer
    ) {
        // What cannot fit at the smallest size with the narrowest letters is not worth laying out.
        let lineCount = maximumHeight / style.minimumSize + 1
        let text = Self.printable(text, maximumLength: Int(lineCount * (width / style.minimumSize * 3.5)))
        guard !text.isEmpty, let layout = pango_layout_new(textContext) else { return nil }
        self.layout = layout
        self.color = style.color
        self.isBold = style.isBold
        Self.configure(layout, text, style, width: width)
        let limit = maximumHeight
        let size = Self.fittingSize(of: layout, style, limit: limit)
        var extent = Self.extent(of: layout)
        if extent.height > limit {
            // pango keeps at least one line of every paragraph, whatever the height.
            let paragraph = text.split(separator: "\n").joined(separator: " ")
            pango_layout_set_text(layout, paragraph, Int32(paragraph.utf8.count))
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
            // pango counts lines without the space between them, so the height is lowered until they really fit.
            var allowance = limit
            repeat {
                pango_layout_set_height(layout, Int32(allowance * Double(PANGO_SCALE)))
                extent = Self.extent(of: layout)
                allowance -= max(extent.height - limit, size * 0.5)
            } while extent.height > limit && allowance > 0
        }
        self.height = min(extent.height, limit)
        self.width = width
        self.topOverhang = extent.topOverhang
        self.isTooTall = extent.height > limit
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(layout))
    }

    /// The text for ``LatinCanvas``; nil when it needs more than that.
    /// - Parameter faces: as in ``LatinText``.
    func latinText(_ faces: (_ face: OpaquePointer) -> LatinFace?) -> LatinText? {
        if let knownLatinText { return knownLatinText }
        let text = isTooTall ? nil : LatinText(layout, isBold: isBold, faces: faces)
        knownLatinText = .some(text)
        return text
    }

    /// Sets the largest size, to within a twentieth of the range, at which the text is not too high; else the smallest.
    private static func fittingSize(of layout: OpaquePointer, _ style: TextStyle, limit: Double) -> Double {
        let fits: (Double) -> Bool = { size in
            setFont(layout, style, size: size)
            return extent(of: layout).height <= limit
        }
        if fits(style.size) { return style.size }
        var (smallest, largest) = (style.minimumSize, style.size)
        guard smallest < largest, fits(smallest) else {
            setFont(layout, style, size: smallest)
            return smallest
        }
        while largest - smallest > (style.size - style.minimumSize) / 20 {
            let middle = (smallest + largest) / 2
            if fits(middle) { smallest = middle } else { largest = middle }
        }
        setFont(layout, style, size: smallest)
        return smallest
    }

    private static func configure(_ layout: OpaquePointer, _ text: String, _ style: TextStyle, width: Double) {
        pango_layout_set_text(layout, text, Int32(text.utf8.count))
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(layout, 1.08)
        // pango swaps left and right for a right-to-left paragraph; the swap is undone where the edge is fixed.
        let isRightToLeft = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL
        switch style.alignment {
        case .leading: pango_layout_set_alignment(layout, isRightToLeft ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
        case .trailing: pango_layout_set_alignment(layout, isRightToLeft ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT)
        case .center: pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER)
        case .natural: pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT)
        }
        if style.tracking > 0 {
            let attributes = pango_attr_list_new()
            // The list takes the attribute over.
            pango_attr_list_insert(
                attributes, pango_attr_letter_spacing_new(Int32(style.tracking * Double(PANGO_SCALE))))
            pango_layout_set_attributes(layout, attributes)
            pango_attr_list_unref(attributes)
        }
    }

    private static func setFont(_ layout: OpaquePointer, _ style: TextStyle, size: Double) {
        let font = pango_font_description_new()
        defer { pango_font_description_free(font) }
        let families =
            switch style.face {
            case .sans: "Lato, Noto Sans, DejaVu Sans, sans-serif"
            case .monospace: "DejaVu Sans Mono, Noto Sans Mono, monospace"
            }
        pango_font_description_set_family(font, families)
        pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
    }

    /// Ink counts as well as lines: stacked marks and some scripts reach beyond the line's own height.
    private static func extent(of layout: OpaquePointer) -> (height: Double, topOverhang: Double) {
        var ink = PangoRectangle()
        var logical = PangoRectangle()
        pango_layout_get_extents(layout, &ink, &logical)
        let top = min(Int(ink.y), Int(logical.y), 0)
        let bottom = max(Int(ink.y) + Int(ink.height), Int(logical.y) + Int(logical.height))
        return (height: Double(bottom - top) / Double(PANGO_SCALE), topOverhang: Double(-top) / Double(PANGO_SCALE))
    }

    /// Control characters become spaces, except line breaks.
    private static func printable(_ text: String, maximumLength: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == maximumLength {
                scalars.append("…")
                break
            }
            switch scalar.value {
            case 0x0a, 0x2028, 0x2029: scalars.append("\n")
            case 0x0d: break
            case 0..<0x20, 0x7f...0x9f: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
