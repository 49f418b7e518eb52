import CPostgres

/// Receives what the server says unasked. Ordinary notices, which may quote data, are dropped; libpq would print them. A
/// connection that is ended while idle gets its reason this way too, often before the end itself arrives.
final class PostgresNotices {
    /// The server has said that it ends the connection.
    private(set) var announcesEnd = false

    /// Makes libpq report to this object, which must live as long as the connection.
    func observe(_ connection: OpaquePointer) {
        let receiver: PQnoticeReceiver = { context, result in
            guard let context, let result, let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))) else {
                return
            }
            // Unretained, because the session keeps this object until it has ended the connection.
            let notices = Unmanaged<PostgresNotices>.fromOpaque(context).takeUnretainedValue()
            if ["FATAL", "PANIC"].contains(String(cString: severity)) { notices.announcesEnd = true }
        }
        PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
    }
}
