// Known answers of Random123's kat_vectors for philox4x64 with 10 rounds.
#include "check.hpp"
#include "ltens/philox.hpp"

int main() {
  using ltens::philox;
  using ltens::PhiloxBlock;
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  CHECK((philox({0, 0, 0, 0}, {0, 0}) == PhiloxBlock{0x16554d9eca36314cU, 0xdb20fe9d672d0fdcU,
                                                     0xd7e772cee186176bU, 0x7e68b68aec7ba23bU}));
  CHECK((philox({ones, ones, ones, ones}, {ones, ones}) ==
         PhiloxBlock{0x87b092c3013fe90bU, 0x438c3c67be8d0224U, 0x9cc7d7c69cd777b6U,
                     0xa09caebf594f0ba0U}));
  return failures();
}
