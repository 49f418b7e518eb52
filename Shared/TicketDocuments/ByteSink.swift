import CPango

/// Collects what cairo writes. Must outlive the surface that writes into it.
final class ByteSink {
    private(set) var bytes: [UInt8] = []

    /// What to give cairo beside ``write``. Unretained, because the owner of the surface also owns the sink.
    var context: UnsafeMutableRawPointer {
        Unmanaged.passUnretained(self).toOpaque()
    }

    /// A `cairo_write_func_t`.
    static var write: cairo_write_func_t {
        { context, data, length in
            guard let context, let data else { return CAIRO_STATUS_WRITE_ERROR }
            let sink = Unmanaged<ByteSink>.fromOpaque(context).takeUnretainedValue()
            sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
            return CAIRO_STATUS_SUCCESS
        }
    }
}
