import CRabbitMQ
import Foundation

extension String {
    /// Copies text out of the library's memory. Malformed UTF-8 is repaired, because a name is only compared or shown.
    init(_ bytes: amqp_bytes_t) {
        self = String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}

extension Duration {
    /// The duration as the library takes it, rounded down to microseconds.
    var timeval: timeval {
        let (seconds, attoseconds) = components
        return Foundation.timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

extension [String: AMQPFieldValue] {
    /// Copies a table out of the library's memory. Of entries with the same key the last one counts.
    init(_ table: amqp_table_t) {
        self.init()
        for entry in UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)) {
            self[String(entry.key)] = AMQPFieldValue(entry.value)
        }
    }
}

extension AMQPFieldValue {
    /// Copies a value out of the library's memory.
    init(_ field: amqp_field_value_t) {
        switch amqp_field_value_kind_t(rawValue: UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: self = .bool(field.value.boolean != 0)
        case AMQP_FIELD_KIND_I8: self = .int64(Int64(field.value.i8))
        case AMQP_FIELD_KIND_U8: self = .int64(Int64(field.value.u8))
        case AMQP_FIELD_KIND_I16: self = .int64(Int64(field.value.i16))
        case AMQP_FIELD_KIND_U16: self = .int64(Int64(field.value.u16))
        case AMQP_FIELD_KIND_I32: self = .int64(Int64(field.value.i32))
        case AMQP_FIELD_KIND_U32: self = .int64(Int64(field.value.u32))
        case AMQP_FIELD_KIND_I64: self = .int64(field.value.i64)
        case AMQP_FIELD_KIND_U64: self = .int64(Int64(clamping: field.value.u64))
        case AMQP_FIELD_KIND_F32: self = .double(Double(field.value.f32))
        case AMQP_FIELD_KIND_F64: self = .double(field.value.f64)
        case AMQP_FIELD_KIND_DECIMAL: self = .double(Self.double(field.value.decimal))
        case AMQP_FIELD_KIND_UTF8: self = Self.text(field.value.bytes)
        case AMQP_FIELD_KIND_ARRAY: self = .array(Self.elements(field.value.array))
        case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(Int64(bitPattern: field.value.u64))
        case AMQP_FIELD_KIND_TABLE: self = .table([String: AMQPFieldValue](field.value.table))
        case AMQP_FIELD_KIND_BYTES: self = .bytes(Self.octets(field.value.bytes))
        default: self = .null
        }
    }

    private static func double(_ decimal: amqp_decimal_t) -> Double {
        (0..<decimal.decimals).reduce(Double(decimal.value)) { value, _ in value / 10 }
    }

    private static func octets(_ bytes: amqp_bytes_t) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
    }

    private static func text(_ bytes: amqp_bytes_t) -> AMQPFieldValue {
        let octets = octets(bytes)
        return String(validating: octets, as: UTF8.self).map { .string($0) } ?? .bytes(octets)
    }

    private static func elements(_ array: amqp_array_t) -> [AMQPFieldValue] {
        UnsafeBufferPointer(start: array.entries, count: Int(array.num_entries)).map { AMQPFieldValue($0) }
    }
}

extension AMQPProperties {
    /// Copies properties out of the library's memory.
    init(_ properties: amqp_basic_properties_t) {
        self.init(deliveryMode: .transient)
        func has(_ flag: Int32) -> Bool {
            properties._flags & amqp_flags_t(flag) != 0
        }
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? {
            has(flag) ? String(bytes) : nil
        }
        messageID = text(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id)
        type = text(AMQP_BASIC_TYPE_FLAG, properties.type)
        correlationID = text(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id)
        replyTo = text(AMQP_BASIC_REPLY_TO_FLAG, properties.reply_to)
        appID = text(AMQP_BASIC_APP_ID_FLAG, properties.app_id)
        contentType = text(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type)
        contentEncoding = text(AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.content_encoding)
        expiration = text(AMQP_BASIC_EXPIRATION_FLAG, properties.expiration)
        if has(AMQP_BASIC_TIMESTAMP_FLAG) {
            timestamp = Int64(bitPattern: properties.timestamp)
        }
        if has(AMQP_BASIC_DELIVERY_MODE_FLAG) {
            deliveryMode = AMQPDeliveryMode(rawValue: properties.delivery_mode) ?? .transient
        }
        if has(AMQP_BASIC_PRIORITY_FLAG) {
            priority = properties.priority
        }
        if has(AMQP_BASIC_HEADERS_FLAG) {
            headers = [String: AMQPFieldValue](properties.headers)
        }
    }
}
