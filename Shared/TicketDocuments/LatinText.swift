import CPango
import Foundation

/// A text as one glyph for each letter, from left to right, in outline fonts: nothing that needs more than pen strokes.
struct LatinText {
    /// Neighbours in one font.
    struct Run {
        let face: LatinFace
        let size: Double
        /// Where it begins on its baseline, from the top left of the text.
        let x: Double
        let y: Double
        /// The operand of `TJ` (ISO 32000-1 section 9.4.3).
        let operand: [UInt8]
        /// What its glyphs say.
        let text: [UInt32: String]
    }

    let runs: [Run]

    /// - Parameter faces: finds a font; nil for one that ``LatinCanvas`` cannot embed.
    /// - Returns: nil for a text that is not so simple.
    init?(_ layout: OpaquePointer, isBold: Bool, faces: (_ face: OpaquePointer) -> LatinFace?) {
        guard pango_layout_is_ellipsized(layout) == 0, let bytes = pango_layout_get_text(layout) else { return nil }
        let text = String(cString: bytes)
        guard text.unicodeScalars.allSatisfy(Self.isSimple), let iterator = pango_layout_get_iter(layout) else {
            return nil
        }
        defer { pango_layout_iter_free(iterator) }
        let utf8 = Array(text.utf8)
        var runs: [Run] = []
        repeat {
            // There is none at the end of a line.
            guard let item = pango_layout_iter_get_run_readonly(iterator) else { continue }
            var extent = PangoRectangle()
            pango_layout_iter_get_run_extents(iterator, nil, &extent)
            guard
                let run = Self.run(
                    item, x: extent.x, baseline: pango_layout_iter_get_baseline(iterator), utf8, isBold: isBold, faces)
            else { return nil }
            if let run { runs.append(run) }
        } while pango_layout_iter_next_run(iterator) != 0
        self.runs = runs
    }

    /// Latin letters that are one character each, and the punctuation between them.
    private static func isSimple(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x20...0x7e, 0xa0...0xac, 0xae...0x24f: true
        case 0x1e00...0x1eff, 0x2013...0x2014, 0x2018...0x201e, 0x2022, 0x2026, 0x20ac: true
        default: false
        }
    }

    /// - Returns: nil for what is not simple; a nil run for nothing to see.
    private static func run(
        _ item: UnsafeMutablePointer<PangoGlyphItem>, x: Int32, baseline: Int32, _ text: [UInt8], isBold: Bool,
        _ faces: (OpaquePointer) -> LatinFace?
    ) -> Run?? {
        guard let source = item.pointee.item?.pointee, let glyphs = item.pointee.glyphs?.pointee,
            source.analysis.level % 2 == 0, let font = source.analysis.font,
            let shape = pango_font_get_hb_font(font), let face = hb_font_get_face(shape).flatMap(faces),
            face.isBold == isBold
        else { return nil }
        let description = pango_font_describe_with_absolute_size(font)
        defer { pango_font_description_free(description) }
        let size = Double(pango_font_description_get_size(description)) / Double(PANGO_SCALE)
        var line = OperandWriter(face: face, size: size)
        var said: [UInt32: String] = [:]
        let count = Int(glyphs.num_glyphs)
        for index in 0..<count {
            let glyph = glyphs.glyphs[index]
            let start = Int(glyphs.log_clusters[index])
            let end = index + 1 < count ? Int(glyphs.log_clusters[index + 1]) : Int(source.length)
            guard start < end, glyph.geometry.y_offset == 0 else { return nil }
            // Zero for what has no glyph, and pango's own numbers for boxes.
            if glyph.glyph == pangoEmptyGlyph {
                line.skip(glyph.geometry.width)
                continue
            }
            guard (1...0xffff).contains(glyph.glyph) else { return nil }
            let bytes = text[Int(source.offset) + start..<Int(source.offset) + end]
            line.show(glyph.glyph, width: glyph.geometry.width, offset: glyph.geometry.x_offset)
            said[glyph.glyph] = said[glyph.glyph] ?? String(decoding: bytes, as: UTF8.self)
        }
        guard let operand = line.operand() else { return .some(nil) }
        return Run(
            face: face, size: size, x: Double(x) / Double(PANGO_SCALE) + line.start,
            y: Double(baseline) / Double(PANGO_SCALE), operand: operand, text: said)
    }

    /// `PANGO_GLYPH_EMPTY`, which is a macro.
    private static let pangoEmptyGlyph: UInt32 = 0x0fff_ffff
}

/// Writes glyphs, and between them how far their places differ from where the font's own widths would put them.
private struct OperandWriter {
    let face: LatinFace
    let size: Double
    /// Where the first glyph stands, from the beginning of its run.
    private(set) var start = 0.0

    private var bytes: [UInt8] = Array("[<".utf8)
    private var isEmpty = true
    /// Where pango puts the next glyph, and where the pen would; points from the beginning of the run.
    private var place = 0.0
    private var pen = 0.0

    init(face: LatinFace, size: Double) {
        self.face = face
        self.size = size
    }

    mutating func skip(_ width: Int32) {
        place += Double(width) / Double(PANGO_SCALE)
    }

    mutating func show(_ glyph: UInt32, width: Int32, offset: Int32) {
        let target = place + Double(offset) / Double(PANGO_SCALE)
        if isEmpty {
            (start, pen, isEmpty) = (target, target, false)
        }
        let correction = ((pen - target) * 1000 / size).rounded()
        if correction != 0 {
            bytes += ">\(Int(correction))<".utf8
            pen -= correction * size / 1000
        }
        bytes += PDFFile.hexadecimal(UInt16(glyph)).utf8
        pen += face.advance(of: glyph) * size / 1000
        place += Double(width) / Double(PANGO_SCALE)
    }

    /// Nil for nothing.
    func operand() -> [UInt8]? {
        isEmpty ? nil : bytes + Array(">]".utf8)
    }
}
