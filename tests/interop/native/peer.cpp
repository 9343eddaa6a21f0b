// A ZeroMQ peer in C++ that does what it is told; the scenarios live in the program that starts it.
//
// Standard input carries one request a line, standard output one reply a line, in order. End of input
// ends the peer. Requests are words: an operation, the name of a socket, and what the operation takes.
//
// Reply    "ok" and values, or "error" and the name of the errno when libzmq refuses. Anything else
//          that goes wrong is a mistake in the request or in here: the peer ends with a message.
// Frames   are "x" and hexadecimal digits. One longer than INLINE_MAX is "p" and its length: byte i is
//          i % 251. If it arrives with other bytes, it is "other" and its length.
// Address  of a message: "-" for none, "id:" and a routing id, "group:" and a group.
// Time     is in milliseconds, and no operation waits without a limit.

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <zmq.h>

static const size_t INLINE_MAX = 8192;

static const std::map<std::string, int> KINDS = {
    {"PAIR", ZMQ_PAIR},       {"PUB", ZMQ_PUB},         {"SUB", ZMQ_SUB},
    {"REQ", ZMQ_REQ},         {"REP", ZMQ_REP},         {"DEALER", ZMQ_DEALER},
    {"ROUTER", ZMQ_ROUTER},   {"PULL", ZMQ_PULL},       {"PUSH", ZMQ_PUSH},
    {"XPUB", ZMQ_XPUB},       {"XSUB", ZMQ_XSUB},       {"STREAM", ZMQ_STREAM},
    {"SERVER", ZMQ_SERVER},   {"CLIENT", ZMQ_CLIENT},   {"RADIO", ZMQ_RADIO},
    {"DISH", ZMQ_DISH},       {"GATHER", ZMQ_GATHER},   {"SCATTER", ZMQ_SCATTER},
    {"DGRAM", ZMQ_DGRAM},     {"PEER", ZMQ_PEER},       {"CHANNEL", ZMQ_CHANNEL},
};

static const std::map<std::string, int> OPTIONS = {
    {"CONFLATE", ZMQ_CONFLATE},
    {"CONNECT_ROUTING_ID", ZMQ_CONNECT_ROUTING_ID},
    {"HEARTBEAT_IVL", ZMQ_HEARTBEAT_IVL},
    {"IMMEDIATE", ZMQ_IMMEDIATE},
    {"INVERT_MATCHING", ZMQ_INVERT_MATCHING},
    {"IPV6", ZMQ_IPV6},
    {"MAXMSGSIZE", ZMQ_MAXMSGSIZE},
    {"PROBE_ROUTER", ZMQ_PROBE_ROUTER},
    {"RCVHWM", ZMQ_RCVHWM},
    {"ROUTER_HANDOVER", ZMQ_ROUTER_HANDOVER},
    {"ROUTER_MANDATORY", ZMQ_ROUTER_MANDATORY},
    {"ROUTING_ID", ZMQ_ROUTING_ID},
    {"SNDHWM", ZMQ_SNDHWM},
    {"XPUB_MANUAL", ZMQ_XPUB_MANUAL},
    {"XPUB_NODROP", ZMQ_XPUB_NODROP},
    {"XPUB_VERBOSE", ZMQ_XPUB_VERBOSE},
    {"XPUB_VERBOSER", ZMQ_XPUB_VERBOSER},
    {"XPUB_WELCOME_MSG", ZMQ_XPUB_WELCOME_MSG},
};

static const std::map<int, std::string> EVENTS = {
    {ZMQ_EVENT_HANDSHAKE_SUCCEEDED, "HANDSHAKE_SUCCEEDED"},
    {ZMQ_EVENT_DISCONNECTED, "DISCONNECTED"},
    {ZMQ_EVENT_CLOSED, "CLOSED"},
};

// What libzmq refuses.
struct Refusal {
    int number;
};

static int check(int result)
{
    if (result == -1)
        throw Refusal{errno};
    return result;
}

static std::string from_hex(const std::string &digits)
{
    std::string bytes;
    for (size_t i = 0; i < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

static std::string pattern(size_t length)
{
    std::string bytes(length, '\0');
    for (size_t i = 0; i < length; ++i)
        bytes[i] = static_cast<char>(i % 251);
    return bytes;
}

static std::string frame_to_send(const std::string &frame)
{
    return frame[0] == 'p' ? pattern(std::stoul(frame.substr(1))) : from_hex(frame.substr(1));
}

static std::string received_frame(const std::string &bytes)
{
    if (bytes.size() > INLINE_MAX)
        return (bytes == pattern(bytes.size()) ? "p" : "other") + std::to_string(bytes.size());
    static const char digits[] = "0123456789abcdef";
    std::string frame = "x";
    for (unsigned char byte : bytes) {
        frame += digits[byte >> 4];
        frame += digits[byte & 15];
    }
    return frame;
}

class Socket {
  public:
    Socket(void *context, int kind)
        : context_(context), kind_(kind), socket_(zmq_socket(context, kind)), monitor_(nullptr)
    {
        check(socket_ ? 0 : -1);
        set(ZMQ_LINGER, 0);
    }

    ~Socket()
    {
        if (monitor_)
            zmq_close(monitor_);
        zmq_close(socket_);
    }

    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    void set(int option, int value)
    {
        const int64_t wide = value;
        if (option == ZMQ_MAXMSGSIZE)
            check(zmq_setsockopt(socket_, option, &wide, sizeof wide));
        else
            check(zmq_setsockopt(socket_, option, &value, sizeof value));
    }

    void set(int option, const std::string &value)
    {
        check(zmq_setsockopt(socket_, option, value.data(), value.size()));
    }

    void subscribe(const std::string &topic, bool on)
    {
        if (kind_ == ZMQ_XSUB) {
            const std::string message = (on ? '\1' : '\0') + topic;
            check(zmq_send(socket_, message.data(), message.size(), 0));
        } else {
            set(on ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE, topic);
        }
    }

    std::string bind(const std::string &endpoint)
    {
        check(zmq_bind(socket_, endpoint.c_str()));
        char last[1024];
        size_t size = sizeof last;
        check(zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, last, &size));
        return last;
    }

    // Whether the message was taken before the time was up.
    bool send(const std::string &address, const std::vector<std::string> &frames, int ms)
    {
        set(ZMQ_SNDTIMEO, ms);
        for (size_t i = 0; i < frames.size(); ++i) {
            const std::string bytes = frame_to_send(frames[i]);
            zmq_msg_t message;
            check(zmq_msg_init_size(&message, bytes.size()));
            std::memcpy(zmq_msg_data(&message), bytes.data(), bytes.size());
            const size_t colon = address.find(':');
            if (address.compare(0, colon, "id") == 0)
                check(zmq_msg_set_routing_id(&message, std::stoul(address.substr(colon + 1))));
            if (address.compare(0, colon, "group") == 0)
                check(zmq_msg_set_group(&message, address.substr(colon + 1).c_str()));
            const bool more = i + 1 < frames.size();
            if (zmq_msg_send(&message, socket_, more ? ZMQ_SNDMORE : 0) == -1) {
                const int number = errno;
                zmq_msg_close(&message);
                if (number == EAGAIN)
                    return false;
                throw Refusal{number};
            }
        }
        return true;
    }

    // The address and the frames of the next message; nothing when the time is up.
    std::vector<std::string> recv(int ms)
    {
        set(ZMQ_RCVTIMEO, ms);
        std::vector<std::string> words;
        bool more = true;
        while (more) {
            zmq_msg_t message;
            zmq_msg_init(&message);
            if (zmq_msg_recv(&message, socket_, 0) == -1) {
                const int number = errno;
                zmq_msg_close(&message);
                if (number == EAGAIN)
                    return {};
                throw Refusal{number};
            }
            if (words.empty())
                words.push_back(address(message));
            const char *data = static_cast<const char *>(zmq_msg_data(&message));
            words.push_back(received_frame(std::string(data, zmq_msg_size(&message))));
            more = zmq_msg_more(&message) != 0;
            zmq_msg_close(&message);
        }
        return words;
    }

    void monitor()
    {
        std::ostringstream endpoint;
        endpoint << "inproc://monitor-of-" << this;
        check(zmq_socket_monitor(socket_, endpoint.str().c_str(), ZMQ_EVENT_ALL));
        monitor_ = zmq_socket(context_, ZMQ_PAIR);
        check(monitor_ ? 0 : -1);
        // A full monitor stops libzmq.
        const int without_limit = 0;
        check(zmq_setsockopt(monitor_, ZMQ_RCVHWM, &without_limit, sizeof without_limit));
        check(zmq_connect(monitor_, endpoint.str().c_str()));
    }

    // The next event that has a name here, and its endpoint; nothing when the time is up.
    std::vector<std::string> event(int ms)
    {
        check(zmq_setsockopt(monitor_, ZMQ_RCVTIMEO, &ms, sizeof ms));
        for (;;) {
            unsigned char head[6];
            char endpoint[1024];
            if (zmq_recv(monitor_, head, sizeof head, 0) == -1)
                return {};
            const int size = check(zmq_recv(monitor_, endpoint, sizeof endpoint, 0));
            uint16_t number;
            std::memcpy(&number, head, sizeof number);
            const auto name = EVENTS.find(number);
            if (name != EVENTS.end())
                return {name->second, std::string(endpoint, size)};
        }
    }

    void *handle() const { return socket_; }

  private:
    static std::string address(zmq_msg_t &message)
    {
        if (const uint32_t id = zmq_msg_routing_id(&message))
            return "id:" + std::to_string(id);
        const char *group = zmq_msg_group(&message);
        return group && *group ? std::string("group:") + group : "-";
    }

    void *context_;
    int kind_;
    void *socket_;
    void *monitor_;
};

class Peer {
  public:
    Peer() : context_(zmq_ctx_new()) {}

    ~Peer()
    {
        for (const auto &socket : sockets_)
            delete socket.second;
        zmq_ctx_term(context_);
    }

    // The values of the reply.
    std::string answer(std::istream &request)
    {
        std::string operation, name;
        request >> operation;
        if (operation == "hello") {
            int major, minor, patch;
            zmq_version(&major, &minor, &patch);
            std::ostringstream version;
            version << major << '.' << minor << '.' << patch;
            return version.str();
        }
        request >> name;
        if (operation == "socket") {
            sockets_[name] = new Socket(context_, KINDS.at(word(request)));
            return "";
        }
        Socket &socket = *sockets_.at(name);
        if (operation == "bind")
            return socket.bind(word(request));
        if (operation == "send") {
            const int ms = std::stoi(word(request));
            const std::string address = word(request);
            return socket.send(address, words(request), ms) ? "taken" : "not-in-time";
        }
        if (operation == "recv")
            return line(socket.recv(std::stoi(word(request))));
        if (operation == "event")
            return line(socket.event(std::stoi(word(request))));
        if (operation == "connect_peer")
            return std::to_string(connect_peer(socket, word(request)));
        if (operation == "set") {
            const int option = OPTIONS.at(word(request));
            const std::string value = word(request);
            if (value[0] == 'x')
                socket.set(option, from_hex(value.substr(1)));
            else
                socket.set(option, std::stoi(value));
        } else if (operation == "subscribe") {
            socket.subscribe(from_hex(word(request).substr(1)), true);
        } else if (operation == "unsubscribe") {
            socket.subscribe(from_hex(word(request).substr(1)), false);
        } else if (operation == "unbind") {
            check(zmq_unbind(socket.handle(), word(request).c_str()));
        } else if (operation == "connect") {
            check(zmq_connect(socket.handle(), word(request).c_str()));
        } else if (operation == "disconnect") {
            check(zmq_disconnect(socket.handle(), word(request).c_str()));
        } else if (operation == "join") {
            check(zmq_join(socket.handle(), word(request).c_str()));
        } else if (operation == "monitor") {
            socket.monitor();
        } else if (operation == "close") {
            socket.set(ZMQ_LINGER, std::stoi(word(request)));
            delete &socket;
            sockets_.erase(name);
        } else {
            throw std::invalid_argument(operation);
        }
        return "";
    }

  private:
    static uint32_t connect_peer(Socket &socket, const std::string &endpoint)
    {
        const uint32_t id = zmq_connect_peer(socket.handle(), endpoint.c_str());
        check(id ? 0 : -1);
        return id;
    }

    static std::string word(std::istream &request)
    {
        std::string word;
        if (!(request >> word))
            throw std::invalid_argument("a word is missing");
        return word;
    }

    static std::vector<std::string> words(std::istream &request)
    {
        std::vector<std::string> words;
        for (std::string word; request >> word;)
            words.push_back(word);
        return words;
    }

    static std::string line(const std::vector<std::string> &words)
    {
        std::string line;
        for (const auto &word : words)
            line += (line.empty() ? "" : " ") + word;
        return line;
    }

    void *context_;
    std::map<std::string, Socket *> sockets_;
};

static std::string refused(int number)
{
    return number == EHOSTUNREACH ? "EHOSTUNREACH" : zmq_strerror(number);
}

int main()
try {
    Peer peer;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream request(line);
        try {
            const std::string answer = peer.answer(request);
            std::cout << "ok " << answer << std::endl;
        } catch (const Refusal &refusal) {
            std::cout << "error " << refused(refusal.number) << std::endl;
        }
    }
    return 0;
} catch (const std::exception &mistake) {
    std::cerr << "mistake: " << mistake.what() << std::endl;
    return 1;
}
