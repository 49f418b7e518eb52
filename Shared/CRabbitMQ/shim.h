#ifndef VOELGOED_CRABBITMQ_SHIM_H
#define VOELGOED_CRABBITMQ_SHIM_H

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <sys/time.h>

/// amqp_login_with_properties with SASL PLAIN: the original is variadic, and Swift cannot import variadic functions.
static inline amqp_rpc_reply_t crabbitmq_login_plain(
    amqp_connection_state_t state, const char *virtual_host, int channel_max, int frame_max, int heartbeat_seconds,
    const amqp_table_t *properties, const char *username, const char *password
) {
    return amqp_login_with_properties(
        state, virtual_host, channel_max, frame_max, heartbeat_seconds, properties, AMQP_SASL_METHOD_PLAIN, username,
        password);
}

#endif
