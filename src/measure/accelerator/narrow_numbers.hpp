// Numbers of eight to 64 bits as matrix units take them, written and read bit by bit.
#pragma once

#include <cstdint>
#include <vector>

namespace hardscape::measuring {

enum class NumberType { fp32, fp16, bf16, fp8, int8, int32 };

std::size_t bytes_of(NumberType type);

// Appends the nearest number, little endian. FP8 is E4M3 (OCP 8-bit floating point, 1.0), saturating at 448; int8 is
// the nearest integer to 32 times the value, at most 127, so that normal data fill it.
void append(std::vector<unsigned char>& bytes, NumberType type, double value);
// The number at `at`.
double read(const unsigned char* at, NumberType type);

std::uint8_t fp8_bits(double value);
double fp8_from_bits(std::uint8_t bits);

}  // namespace hardscape::measuring
