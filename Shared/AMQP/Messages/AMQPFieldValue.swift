/// A value in an AMQP field table: message headers, queue arguments, consumer arguments.
///
/// The broker's narrower integers are read as `int64`, its 32-bit floats and decimals as `double`, and an unsigned
/// integer above `Int64.max` as `Int64.max`. A long string that is not UTF-8 is read as `bytes`.
///
/// Source: RabbitMQ, "AMQP 0-9-1 errata", section 3, field types.
public enum AMQPFieldValue: Sendable, Equatable {
    /// A long string (`S`), UTF-8.
    case string(String)
    /// A signed 64-bit integer (`l`).
    case int64(Int64)
    /// A boolean (`t`).
    case bool(Bool)
    /// A 64-bit float (`d`).
    case double(Double)
    /// A nested table (`F`).
    case table([String: AMQPFieldValue])
    /// A nested array (`A`).
    case array([AMQPFieldValue])
    /// A byte array (`x`).
    case bytes([UInt8])
    /// A POSIX time in whole seconds (`T`).
    case timestamp(Int64)
    /// No value (`V`).
    case null
}

extension AMQPFieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    public init(integerLiteral value: Int64) {
        self = .int64(value)
    }

    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension AMQPFieldValue {
    /// The text of a `string` value, or `nil`.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number of an `int64` value, or `nil`.
    public var int64: Int64? {
        if case .int64(let value) = self { value } else { nil }
    }

    /// The bytes that the value takes on the wire, its type octet included.
    var encodedSize: Int {
        switch self {
        case .string(let value): 1 + 4 + value.utf8.count
        case .int64, .double, .timestamp: 1 + 8
        case .bool: 1 + 1
        case .table(let value): 1 + value.encodedTableSize
        case .array(let values): 1 + 4 + values.reduce(0) { $0 + $1.encodedSize }
        case .bytes(let value): 1 + 4 + value.count
        case .null: 1
        }
    }

    /// The longest key of the tables inside the value, in bytes.
    var longestKeySize: Int {
        switch self {
        case .table(let value): value.longestKeySize
        case .array(let values): values.reduce(0) { max($0, $1.longestKeySize) }
        default: 0
        }
    }
}

extension [String: AMQPFieldValue] {
    /// The bytes that the table takes on the wire, its length field included.
    var encodedTableSize: Int {
        reduce(4) { $0 + 1 + $1.key.utf8.count + $1.value.encodedSize }
    }

    /// The longest key of the table and the tables inside it, in bytes; a key may have 128 of them.
    var longestKeySize: Int {
        reduce(0) { Swift.max($0, $1.key.utf8.count, $1.value.longestKeySize) }
    }
}
