import CRabbitMQ

/// Memory for the arguments of one library call: strings, tables and properties in the library's own form.
///
/// The pointers it returns are valid until ``recycle()``.
final class AllocationPool {
    private var pool = amqp_pool_t()

    init() {
        init_amqp_pool(&pool, 4096)
    }

    deinit {
        empty_amqp_pool(&pool)
    }

    /// Takes back everything that was handed out.
    func recycle() {
        recycle_amqp_pool(&pool)
    }

    /// Copies the UTF-8 bytes of `text`.
    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
    }

    /// Copies a table.
    func table(_ table: [String: AMQPFieldValue]) -> amqp_table_t {
        guard !table.isEmpty else {
            return amqp_empty_table
        }
        let entries = allocate(amqp_table_entry_t.self, count: table.count)
        for (index, entry) in table.enumerated() {
            entries[index] = amqp_table_entry_t(key: bytes(entry.key), value: field(entry.value))
        }
        return amqp_table_t(num_entries: Int32(table.count), entries: entries)
    }

    /// Copies properties, with the flags of those that are set.
    func properties(_ properties: AMQPProperties) -> amqp_basic_properties_t {
        var result = amqp_basic_properties_t()
        var flags: Int32 = AMQP_BASIC_DELIVERY_MODE_FLAG
        result.delivery_mode = properties.deliveryMode.rawValue

        func set(_ keyPath: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>, _ flag: Int32, _ text: String?) {
            if let text {
                result[keyPath: keyPath] = bytes(text)
                flags |= flag
            }
        }
        set(\.message_id, AMQP_BASIC_MESSAGE_ID_FLAG, properties.messageID)
        set(\.type, AMQP_BASIC_TYPE_FLAG, properties.type)
        set(\.correlation_id, AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlationID)
        set(\.reply_to, AMQP_BASIC_REPLY_TO_FLAG, properties.replyTo)
        set(\.app_id, AMQP_BASIC_APP_ID_FLAG, properties.appID)
        set(\.content_type, AMQP_BASIC_CONTENT_TYPE_FLAG, properties.contentType)
        set(\.content_encoding, AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.contentEncoding)
        set(\.expiration, AMQP_BASIC_EXPIRATION_FLAG, properties.expiration)
        if let timestamp = properties.timestamp {
            result.timestamp = UInt64(bitPattern: timestamp)
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
        }
        if let priority = properties.priority {
            result.priority = priority
            flags |= AMQP_BASIC_PRIORITY_FLAG
        }
        if !properties.headers.isEmpty {
            result.headers = table(properties.headers)
            flags |= AMQP_BASIC_HEADERS_FLAG
        }
        result._flags = amqp_flags_t(flags)
        return result
    }

    private func field(_ value: AMQPFieldValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        func set(_ kind: amqp_field_value_kind_t) {
            field.kind = UInt8(kind.rawValue)
        }
        switch value {
        case .string(let text):
            set(AMQP_FIELD_KIND_UTF8)
            field.value.bytes = bytes(text)
        case .int64(let number):
            set(AMQP_FIELD_KIND_I64)
            field.value.i64 = number
        case .bool(let flag):
            set(AMQP_FIELD_KIND_BOOLEAN)
            field.value.boolean = flag ? 1 : 0
        case .double(let number):
            set(AMQP_FIELD_KIND_F64)
            field.value.f64 = number
        case .table(let nested):
            set(AMQP_FIELD_KIND_TABLE)
            field.value.table = table(nested)
        case .array(let values):
            set(AMQP_FIELD_KIND_ARRAY)
            let entries = values.isEmpty ? nil : allocate(amqp_field_value_t.self, count: values.count)
            for (index, element) in values.enumerated() {
                entries?[index] = self.field(element)
            }
            field.value.array = amqp_array_t(num_entries: Int32(values.count), entries: entries)
        case .bytes(let content):
            set(AMQP_FIELD_KIND_BYTES)
            field.value.bytes = content.withUnsafeBytes { copy($0) }
        case .timestamp(let seconds):
            set(AMQP_FIELD_KIND_TIMESTAMP)
            field.value.u64 = UInt64(bitPattern: seconds)
        case .null:
            set(AMQP_FIELD_KIND_VOID)
        }
        return field
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        guard let start = source.baseAddress, source.count > 0 else {
            return amqp_empty_bytes
        }
        let target = allocate(UInt8.self, count: source.count)
        UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
        return amqp_bytes_t(len: source.count, bytes: target)
    }

    /// The pool aligns to 8 bytes, the strictest alignment of the types stored here.
    private func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        guard let memory = amqp_pool_alloc(&pool, MemoryLayout<Element>.stride * count) else {
            preconditionFailure("out of memory")
        }
        return memory.bindMemory(to: type, capacity: count)
    }
}
