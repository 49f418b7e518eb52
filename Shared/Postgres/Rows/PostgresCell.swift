/// One value of a result, as the server sent it in binary format. It keeps its result alive.
///
/// Unchecked because of the pointer into the result, which nobody changes and which ``PostgresResult`` frees only when no cell
/// refers to it any more.
public struct PostgresCell: @unchecked Sendable {
    let result: PostgresResult
    /// The number of the column, from 0.
    public let columnIndex: Int
    public let type: PostgresType
    private let region: UnsafeRawBufferPointer?

    init(result: PostgresResult, columnIndex: Int, type: PostgresType, region: UnsafeRawBufferPointer?) {
        self.result = result
        self.columnIndex = columnIndex
        self.type = type
        self.region = region
    }

    public var columnName: String { result.columnName(columnIndex) }

    public var isNull: Bool { region == nil }

    /// A copy of the bytes; nil for NULL.
    public var bytes: [UInt8]? {
        withExtendedLifetime(result) { region.map { [UInt8]($0) } }
    }

    /// Lends the bytes. Do not let the pointer escape.
    /// - Throws: ``PostgresError`` with the code `decoding` when the cell is NULL.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
        guard let region else { throw PostgresError.decoding(self, "is NULL") }
        return try withExtendedLifetime(result) { try body(region) }
    }

    /// Reads an integer of exactly this size.
    func fixedWidth<Integer: FixedWidthInteger>(_: Integer.Type) throws -> Integer {
        try withUnsafeBytes { bytes in
            guard bytes.count == MemoryLayout<Integer>.size else {
                throw PostgresError.decoding(self, "has \(bytes.count) bytes instead of \(MemoryLayout<Integer>.size)")
            }
            return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
        }
    }

    /// Reads any of the database's integers, and a numeric without fraction, as an integer that can hold it.
    func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws -> Integer {
        let wide: Int64
        switch type {
        case .int8: wide = try fixedWidth(Int64.self)
        case .int4: wide = Int64(try fixedWidth(Int32.self))
        case .int2: wide = Int64(try fixedWidth(Int16.self))
        case .oid: wide = Int64(try fixedWidth(UInt32.self))
        case .numeric:
            guard let value = try PostgresNumeric(self).integer else {
                throw PostgresError.decoding(self, "has a fraction or is too large for an integer")
            }
            wide = value
        default: throw PostgresError.decoding(self, "is not an integer")
        }
        guard let value = Integer(exactly: wide) else {
            throw PostgresError.decoding(self, "is out of range for \(Integer.self)")
        }
        return value
    }

    /// The elements of a one-dimensional array (PostgreSQL's `array_send`).
    func elements() throws -> [PostgresCell] {
        try withUnsafeBytes { bytes in
            var reader = PostgresReader(bytes)
            guard let dimensions = reader.integer(Int32.self), reader.integer(Int32.self) != nil,
                let element = reader.integer(UInt32.self), dimensions <= 1
            else { throw PostgresError.decoding(self, "is not an array of one dimension") }
            guard dimensions == 1 else { return [] }
            guard let count = reader.integer(Int32.self), count >= 0, reader.integer(Int32.self) != nil,
                Int(count) <= bytes.count / 4
            else { throw PostgresError.decoding(self, "is not an array") }
            var cells: [PostgresCell] = []
            cells.reserveCapacity(Int(count))
            for _ in 0..<count {
                guard let length = reader.integer(Int32.self) else {
                    throw PostgresError.decoding(self, "is an array that ends too early")
                }
                var region: UnsafeRawBufferPointer?
                if length >= 0 {
                    guard let slice = reader.slice(Int(length)) else {
                        throw PostgresError.decoding(self, "is an array that ends too early")
                    }
                    region = slice
                }
                cells.append(
                    PostgresCell(
                        result: result, columnIndex: columnIndex, type: PostgresType(rawValue: element), region: region)
                )
            }
            return cells
        }
    }
}
