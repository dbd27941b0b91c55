// As ../rest_json.c, on libprotobuf's json_util: json MESSAGE FILE SECONDS. The type resolver is made once, as a server
// would, and answers from generated descriptors.
#include <ctime>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "rest.pb.h"

namespace pb = google::protobuf;

static double cpu_ns()
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static void require(const pb::util::Status &status)
{
    if (status.ok())
        return;
    fprintf(stderr, "json: %s\n", status.ToString().c_str());
    exit(1);
}

template <typename Once> static double measure(Once once, double seconds)
{
    double begun = cpu_ns(), until = begun + seconds * 1e9, now;
    size_t runs = 0;

    do {
        for (int i = 0; i < 8; i++)
            once();
        runs += 8;
        now = cpu_ns();
    } while (now < until);
    return (now - begun) / runs;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    rest::v1::Item::descriptor(); // so that the generated file is linked in
    std::ifstream file(argv[2], std::ios::binary);
    std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::string url = std::string("type.googleapis.com/") + argv[1], wire, written;
    std::unique_ptr<pb::util::TypeResolver> resolver(
        pb::util::NewTypeResolverForDescriptorPool("type.googleapis.com", pb::DescriptorPool::generated_pool()));
    pb::util::JsonPrintOptions options;
    options.always_print_primitive_fields = true;
    double seconds = strtod(argv[3], nullptr);
    auto read_once = [&] {
        wire.clear();
        require(pb::util::JsonToBinaryString(resolver.get(), url, json, &wire));
    };
    auto write_once = [&] {
        written.clear();
        require(pb::util::BinaryToJsonString(resolver.get(), url, wire, &written, options));
    };

    read_once();
    write_once();
    if (seconds > 0) {
        double reading = measure(read_once, seconds), writing = measure(write_once, seconds);
        printf("%.1f %.1f %zu %zu\n", reading, writing, json.size(), written.size());
    } else {
        fwrite(written.data(), 1, written.size(), stdout);
    }
    return 0;
}
