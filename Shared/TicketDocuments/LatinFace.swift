import CPango

/// An outline font that ``LatinCanvas`` embeds: always with the same letters, so that they are cut out and compressed once.
final class LatinFace {
    /// What a document needs of the font.
    struct Embedding {
        /// The font's name with a prefix that tells its choice of glyphs.
        let name: String
        let file: [UInt8]
        let fileLength: Int
        let unicodes: [UInt8]
        let widths: String
    }

    /// What every document has, used or not: the letters of western European languages, figures and punctuation; of a font
    /// with letters of one width, which is for codes, what codes are made of.
    private static let usual =
        " !\"#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
        + "\u{a0}·ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ–—‘’“”…€"
    private static let usualOfCodes = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    /// How many choices of glyphs are kept beside the usual one.
    private static let maximumKept = 8
    /// Of an sfnt font, what drawing needs when glyphs are called by their numbers (ISO 32000-1 section 9.9).
    private static let unneededTables = ["GSUB", "GPOS", "GDEF", "OS/2", "cmap", "kern", "name", "post"]

    let isBold: Bool

    private let face: OpaquePointer
    private let font: OpaquePointer
    private let name: String
    private let unitsPerEm: Double
    private var usualText: [UInt32: String] = [:]
    /// By what is embedded beside the usual glyphs.
    private var kept: [[UInt32: String]: Embedding] = [:]

    /// - Returns: nil for a font that is not a plain TrueType one.
    init?(_ face: OpaquePointer) {
        guard Self.hasOutlines(face), hb_ot_var_has_data(face) == 0, let font = hb_font_create(face) else { return nil }
        self.face = hb_face_reference(face)
        self.font = font
        self.unitsPerEm = Double(hb_face_get_upem(face))
        self.isBold = hb_style_get_value(font, HB_STYLE_TAG_WEIGHT) >= 600
        var name = [CChar](repeating: 0, count: 64)
        var length = UInt32(name.count)
        hb_ot_name_get_utf8(face, hb_ot_name_id_t(HB_OT_NAME_ID_POSTSCRIPT_NAME), nil, &length, &name)
        let letters = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        self.name = letters.isEmpty ? "Font" : letters
        let isForCodes = glyph(of: "i").map(advance) == glyph(of: "W").map(advance)
        for scalar in (isForCodes ? Self.usualOfCodes : Self.usual).unicodeScalars {
            guard let glyph = glyph(of: scalar), usualText[glyph] == nil else { continue }
            usualText[glyph] = String(scalar)
        }
    }

    deinit {
        hb_font_destroy(font)
        hb_face_destroy(face)
    }

    /// How far the pen goes on after a glyph, in thousandths of the font's size.
    func advance(of glyph: UInt32) -> Double {
        Double(hb_font_get_glyph_h_advance(font, glyph)) * 1000 / unitsPerEm
    }

    /// - Parameter text: what the glyphs of a document say; those that are not usual are embedded too.
    func embedding(_ text: [UInt32: String]) throws(TicketDocumentError) -> Embedding {
        let others = text.filter { usualText[$0.key] == nil }
        if let known = kept[others] { return known }
        let embedding = try embedding(of: usualText.merging(others) { usual, _ in usual })
        if kept.count > Self.maximumKept { kept = [:] }
        kept[others] = embedding
        return embedding
    }

    /// The entries of a font descriptor (ISO 32000-1 section 9.8) that measure the font, as its own tables do.
    var measures: String {
        let box = integers(of: "head", from: 36, count: 4)
        let reach = integers(of: "hhea", from: 4, count: 2)
        return "/Flags 4/ItalicAngle 0/StemV \(isBold ? 140 : 80)/Ascent \(reach[0])/Descent \(reach[1])"
            + "/CapHeight \(reach[0])/FontBBox[\(box[0]) \(box[1]) \(box[2]) \(box[3])]"
    }

    /// Numbers of two bytes each, in thousandths of the font's size; zeros when the table is too short.
    private func integers(of table: String, from offset: Int, count: Int) -> [Int] {
        let blob = hb_face_reference_table(face, hb_tag_from_string(table, -1))
        defer { hb_blob_destroy(blob) }
        var length: UInt32 = 0
        let bytes = UnsafeRawBufferPointer(start: hb_blob_get_data(blob, &length), count: Int(length))
        guard bytes.count >= offset + 2 * count else { return Array(repeating: 0, count: count) }
        return (0..<count).map { index in
            let number = Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 2 * index, as: Int16.self))
            return Int((Double(number) * 1000 / unitsPerEm).rounded())
        }
    }

    private func embedding(of text: [UInt32: String]) throws(TicketDocumentError) -> Embedding {
        let glyphs = text.keys.sorted()
        let file = try subset(glyphs)
        return Embedding(
            name: Self.tag(of: glyphs) + "+" + name, file: try Deflate.compress(file, level: 9), fileLength: file.count,
            unicodes: try Deflate.compress(Array(Self.unicodes(of: text).utf8), level: 9), widths: widths(of: glyphs))
    }

    private func subset(_ glyphs: [UInt32]) throws(TicketDocumentError) -> [UInt8] {
        guard let input = hb_subset_input_create_or_fail() else { throw .drawingFailed("out of memory") }
        defer { hb_subset_input_destroy(input) }
        // Glyphs keep their numbers, which the drawing operators name.
        hb_subset_input_set_flags(
            input, HB_SUBSET_FLAGS_NO_HINTING.rawValue | HB_SUBSET_FLAGS_RETAIN_GIDS.rawValue)
        for glyph in glyphs { hb_set_add(hb_subset_input_glyph_set(input), glyph) }
        let dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG)
        for table in Self.unneededTables { hb_set_add(dropped, hb_tag_from_string(table, -1)) }
        guard let subset = hb_subset_or_fail(face, input) else { throw .drawingFailed("a font cannot be embedded") }
        defer { hb_face_destroy(subset) }
        let blob = hb_face_reference_blob(subset)
        defer { hb_blob_destroy(blob) }
        var length: UInt32 = 0
        let data = hb_blob_get_data(blob, &length)
        return Array(UnsafeRawBufferPointer(start: data, count: Int(length)))
    }

    private func glyph(of scalar: Unicode.Scalar) -> UInt32? {
        var glyph: hb_codepoint_t = 0
        return hb_font_get_nominal_glyph(font, scalar.value, &glyph) == 0 ? nil : glyph
    }

    /// A list for each row of neighbours (ISO 32000-1 section 9.7.4.3).
    private func widths(of glyphs: [UInt32]) -> String {
        var bytes: [UInt8] = []
        var last: UInt32?
        for glyph in glyphs {
            if let last, glyph == last + 1 {
                bytes.append(0x20)
            } else {
                bytes += "\(last == nil ? "" : "]")\(glyph)[".utf8
            }
            PDFContent.append(advance(of: glyph), to: &bytes)
            last = glyph
        }
        return String(decoding: bytes, as: UTF8.self) + (last == nil ? "" : "]")
    }

    private static func hasOutlines(_ face: OpaquePointer) -> Bool {
        let table = hb_face_reference_table(face, hb_tag_from_string("glyf", -1))
        defer { hb_blob_destroy(table) }
        return hb_blob_get_length(table) > 0
    }

    /// A map from glyphs to what they say (ISO 32000-1 section 9.10.3).
    private static func unicodes(of text: [UInt32: String]) -> String {
        var map = """
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
            /CMapName/Adobe-Identity-UCS def/CMapType 2 def
            1 begincodespacerange<0000><FFFF>endcodespacerange

            """
        let lines = text.sorted { $0.key < $1.key }.map { glyph, text in
            "<\(PDFFile.hexadecimal(UInt16(glyph)))><\(text.utf16.map(PDFFile.hexadecimal).joined())>"
        }
        // At most 100 lines a block.
        for start in stride(from: 0, to: lines.count, by: 100) {
            let block = lines[start..<min(start + 100, lines.count)]
            map += "\(block.count) beginbfchar\n\(block.joined(separator: "\n"))\nendbfchar\n"
        }
        return map + "endcmap CMapName currentdict/CMap defineresource pop end end\n"
    }

    /// Six capitals, different for different choices of glyphs.
    private static func tag(of glyphs: [UInt32]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for glyph in glyphs { hash = (hash ^ UInt64(glyph)) &* 0x100_0000_01b3 }
        var letters: [UInt8] = []
        for _ in 0..<6 {
            letters.append(0x41 + UInt8(hash % 26))
            hash /= 26
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
