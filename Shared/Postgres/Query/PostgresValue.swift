import Foundation

/// One value in PostgreSQL's binary format, ready to be sent. Values that are small stay off the heap.
public struct PostgresValue: Sendable, Equatable {
    enum Storage: Sendable, Equatable {
        case null
        case one(UInt8)
        case two(UInt16)
        case four(UInt32)
        case eight(UInt64)
        case uuid(UUID)
        case text(String)
        case bytes([UInt8])
    }

    let storage: Storage

    init(_ storage: Storage) {
        self.storage = storage
    }

    /// SQL's NULL.
    public static let null = PostgresValue(.null)

    /// A value whose binary form is these bytes.
    public init(bytes: [UInt8]) {
        storage = .bytes(bytes)
    }

    /// A value whose binary form is this text in UTF-8.
    public init(text: String) {
        storage = .text(text)
    }

    public var isNull: Bool { storage == .null }

    /// The binary form; nil for NULL.
    public var bytes: [UInt8]? {
        guard !isNull else { return nil }
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Adds the binary form to the buffer; NULL adds nothing.
    func append(to buffer: inout [UInt8]) {
        switch storage {
        case .null: break
        case .one(let value): buffer.append(value)
        case .two(let value): buffer.append(bigEndian: value)
        case .four(let value): buffer.append(bigEndian: value)
        case .eight(let value): buffer.append(bigEndian: value)
        case .uuid(let value): withUnsafeBytes(of: value.uuid) { buffer.append(contentsOf: $0) }
        case .text(let value): buffer.append(contentsOf: value.utf8)
        case .bytes(let value): buffer.append(contentsOf: value)
        }
    }
}

extension [UInt8] {
    /// Adds an integer in network order.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
