import CPango

/// The dark and light modules of a QR code, without its quiet zone.
public struct QRMatrix: Sendable, Equatable {
    /// The light border every symbol needs, in modules (ISO/IEC 18004 section 5.3.8).
    public static let quietZone = 4

    /// Modules per side: 21 to 177.
    public let size: Int

    private let darkModules: [Bool]

    init(size: Int, darkModules: [Bool]) {
        self.size = size
        self.darkModules = darkModules
    }

    /// Whether the module is dark; rows count from the top, columns from the left.
    public func isDark(row: Int, column: Int) -> Bool {
        darkModules[row * size + column]
    }

    /// The dark modules of a row as ranges of columns that touch.
    func darkRuns(row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0...size {
            let isDark = column < size && isDark(row: row, column: column)
            if isDark, start == nil { start = column }
            if !isDark, let first = start {
                runs.append(first..<column)
                start = nil
            }
        }
        return runs
    }

    /// The symbol without its quiet zone in hexadecimal digits, a bit for each module, dark ones set: rows of whole bytes, from
    /// their highest bit.
    var hexadecimalBits: [UInt8] {
        let stride = (size + 7) / 8 * 2
        var digits = [UInt8](repeating: 0, count: size * stride)
        for row in 0..<size {
            for column in 0..<size where isDark(row: row, column: column) {
                digits[row * stride + (column >> 2)] |= 0x8 >> UInt8(column & 3)
            }
        }
        return digits.map { $0 < 10 ? 0x30 + $0 : 0x37 + $0 }
    }

    /// The symbol without its quiet zone as an alpha-only picture, dark modules opaque. The caller destroys it; nil when
    /// memory is short.
    func mask(pixelsPerModule scale: Int) -> OpaquePointer? {
        let side = size * scale
        guard let picture = cairo_image_surface_create(CAIRO_FORMAT_A1, Int32(side), Int32(side)),
            let pixels = cairo_image_surface_get_data(picture)
        else { return nil }
        let stride = Int(cairo_image_surface_get_stride(picture))
        for row in 0..<size {
            let line = pixels + row * scale * stride
            for run in darkRuns(row: row) {
                for column in run.lowerBound * scale..<run.upperBound * scale { Self.set(column, of: line) }
            }
            for copy in 1..<scale { (line + copy * stride).update(from: line, count: stride) }
        }
        cairo_surface_mark_dirty(picture)
        return picture
    }

    /// cairo counts the pixels of a byte from the end that the machine's integers begin with.
    private static func set(_ column: Int, of line: UnsafeMutablePointer<UInt8>) {
        #if _endian(little)
            line[column >> 3] |= 1 << (column & 7)
        #else
            line[column >> 3] |= 0x80 >> (column & 7)
        #endif
    }
}
