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
}
