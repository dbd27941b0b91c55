// The echo service on gRPC's C++ callback API: prints its port and serves until standard input ends.
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <cstdio>

#include "echo.grpc.pb.h"

namespace {

using echo::v1::Ping;
using echo::v1::Pong;

void Fill(Pong *pong, const Ping &ping)
{
    pong->set_id(ping.id());
    pong->set_number(ping.number());
    pong->set_payload(ping.payload());
}

class Chat : public grpc::ServerBidiReactor<Ping, Pong> {
public:
    Chat() { StartRead(&ping_); }

    void OnReadDone(bool ok) override
    {
        if (!ok) {
            Finish(grpc::Status::OK);
            return;
        }
        Fill(&pong_, ping_);
        StartWrite(&pong_);
    }

    void OnWriteDone(bool ok) override
    {
        if (ok)
            StartRead(&ping_);
        else
            Finish(grpc::Status::CANCELLED);
    }

    void OnDone() override { delete this; }

private:
    Ping ping_;
    Pong pong_;
};

class Service : public echo::v1::EchoService::CallbackService {
public:
    grpc::ServerUnaryReactor *Echo(grpc::CallbackServerContext *context, const Ping *ping, Pong *pong) override
    {
        Fill(pong, *ping);
        auto *reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }

    grpc::ServerUnaryReactor *EchoInline(grpc::CallbackServerContext *context, const Ping *ping, Pong *pong) override
    {
        return Echo(context, ping, pong);
    }

    grpc::ServerBidiReactor<Ping, Pong> *Chat(grpc::CallbackServerContext *) override { return new class Chat; }
};

} // namespace

int main()
{
    Service service;
    grpc::ServerBuilder builder;
    int port = 0;
    char byte;

    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (server == nullptr)
        return 1;
    std::printf("%d\n", port);
    std::fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    server->Shutdown(std::chrono::system_clock::now());
    return 0;
}
