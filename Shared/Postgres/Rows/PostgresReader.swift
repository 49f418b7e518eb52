/// Reads big-endian fields one after the other and never beyond the end.
struct PostgresReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes
    }

    /// The next integer; nil when too few bytes are left.
    mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        guard let field = slice(MemoryLayout<Integer>.size) else { return nil }
        return Integer(bigEndian: field.loadUnaligned(as: Integer.self))
    }

    /// The next bytes; nil when too few are left.
    mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= rest.count else { return nil }
        let field = UnsafeRawBufferPointer(rebasing: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return field
    }
}
