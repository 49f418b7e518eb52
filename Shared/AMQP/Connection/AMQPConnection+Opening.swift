import CRabbitMQ

extension AMQPConnection {
    /// Connects, logs in and opens the channel.
    func open() throws(AMQPError) {
        do {
            let handle = try makeHandle()
            let socket = try makeSocket(handle)
            try openSocket(socket)
            try attachWatchdog()
            try logIn()
            try openChannel()
            try startSources()
        } catch {
            fail(error)
            throw vitals.intervention ?? error
        }
        drain()
        if let error = closure.value {
            throw error
        }
    }

    private func makeSocket(_ handle: amqp_connection_state_t) throws(AMQPError) -> OpaquePointer {
        guard let tls = configuration.tls else {
            guard let socket = amqp_tcp_socket_new(handle) else {
                throw AMQPError(.connectionFailed, "the library could not allocate a socket")
            }
            return socket
        }
        guard let socket = amqp_ssl_socket_new(handle) else {
            throw AMQPError(.connectionFailed, "the library could not allocate a TLS socket")
        }
        amqp_ssl_socket_set_verify_peer(socket, 1)
        amqp_ssl_socket_set_verify_hostname(socket, 1)
        // "Latest" leaves TLS 1.3 on, although the library of this version has no name for it.
        try checkTLS(amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), "minimum version")
        try checkTLS(
            amqp_ssl_socket_set_cacert(socket, tls.certificateAuthorityFile), "certificate authorities")
        if let certificate = tls.clientCertificateFile, let key = tls.clientKeyFile {
            try checkTLS(amqp_ssl_socket_set_key(socket, certificate, key), "client certificate")
        }
        return socket
    }

    private func checkTLS(_ status: Int32, _ setting: String) throws(AMQPError) {
        if status != AMQP_STATUS_OK.rawValue {
            throw AMQPError(
                .invalidConfiguration, "TLS \(setting) cannot be used: \(libraryMessage(status))")
        }
    }

    private func openSocket(_ socket: OpaquePointer) throws(AMQPError) {
        var timeout = configuration.connectTimeout.timeval
        let status = amqp_socket_open_noblock(socket, endpoint.host, Int32(endpoint.port), &timeout)
        guard status == AMQP_STATUS_OK.rawValue else {
            let code: AMQPError.Code = status == AMQP_STATUS_TIMEOUT.rawValue ? .timedOut : .connectionFailed
            throw AMQPError(code, "no connection to \(endpoint): \(libraryMessage(status))")
        }
    }

    private func logIn() throws(AMQPError) {
        pool.recycle()
        // Without these the broker keeps silent about alarms and cancelled consumers.
        var properties = pool.table([
            "connection_name": .string(configuration.connectionName),
            "capabilities": .table([
                "connection.blocked": true,
                "consumer_cancel_notify": true,
                "publisher_confirms": true,
                "basic.nack": true,
            ]),
        ])
        let configuration = configuration
        let reply = try withHandle(limit: configuration.connectTimeout) { handle in
            var handshakeTimeout = configuration.connectTimeout.timeval
            amqp_set_handshake_timeout(handle, &handshakeTimeout)
            var callTimeout = configuration.callTimeout.timeval
            amqp_set_rpc_timeout(handle, &callTimeout)
            return crabbitmq_login_plain(
                handle, configuration.virtualHost, Int32(Self.channel), Self.frameMaximum,
                configuration.heartbeatSeconds, &properties, configuration.username, configuration.password)
        }
        if let error = error(of: reply, in: "login") {
            let refusals: [UInt16?] = [403, 530]
            guard refusals.contains(error.replyCode) else {
                throw AMQPError(.connectionFailed, error.message, replyCode: error.replyCode)
            }
            throw AMQPError(.accessRefused, error.message, replyCode: error.replyCode)
        }
        let heartbeat = try withHandle { amqp_get_heartbeat($0) }
        vitals.received()
        vitals.setSilenceLimit(configuration.silenceLimit(heartbeat: .seconds(Int64(max(1, heartbeat)))))
    }

    private func openChannel() throws(AMQPError) {
        try call("channel.open") { amqp_channel_open($0, Self.channel) != nil }
    }
}
