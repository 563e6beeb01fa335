#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardscape/cost_break_even.hpp"

namespace hardscape::cost {
namespace {

struct Curves {
  double most = 0;   // dollars at the top edge
  const BreakEvenReport& report;
  double own(double hours) const { return own_cost_per_year(report.mid, hours).total(); }
  double cloud(double hours) const { return cloud_cost_per_year(report.mid, hours); }
};

Curves curves_of(const BreakEvenReport& report) {
  Curves curves{0, report};
  curves.most = std::max({curves.own(0), curves.own(k_hours_per_year), curves.cloud(k_hours_per_year), 1.0});
  return curves;
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<') safe += "&lt;";
    else if (c == '>') safe += "&gt;";
    else if (c == '&') safe += "&amp;";
    else if (c == '"') safe += "&quot;";
    else safe += c;
  }
  return safe;
}

}  // namespace

std::string plot_text(const BreakEvenReport& report, int width, int height) {
  const Curves curves = curves_of(report);
  const std::string top = show("usd", curves.most), bottom = show("usd", 0);
  const std::size_t margin = std::max(top.size(), bottom.size());
  const int columns = std::max(20, width - static_cast<int>(margin) - 2);
  const int rows = std::max(6, height);
  std::vector<std::string> cells(static_cast<std::size_t>(rows), std::string(static_cast<std::size_t>(columns), ' '));
  const auto put_mark = [&](int column, double usd, char mark) {
    const int row = rows - 1 - static_cast<int>(std::lround(usd / curves.most * (rows - 1)));
    if (row < 0 || row >= rows) return;
    char& cell = cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
    cell = cell == ' ' || cell == mark ? mark : 'X';
  };
  for (int column = 0; column < columns; ++column) {
    const double hours = k_hours_per_year * column / (columns - 1);
    put_mark(column, curves.cloud(hours), 'c');
    put_mark(column, curves.own(hours), 'o');
  }
  std::string text;
  for (int row = 0; row < rows; ++row) {
    const std::string label = row == 0 ? top : row == rows - 1 ? bottom : "";
    text += std::string(margin - label.size(), ' ') + label + " |" + cells[static_cast<std::size_t>(row)] + "\n";
  }
  text += std::string(margin + 1, ' ') + "+" + std::string(static_cast<std::size_t>(columns), '-') + "\n";
  const std::string right = "8,760 h a year";
  std::string axis(static_cast<std::size_t>(columns), ' ');
  axis.replace(axis.size() - right.size(), right.size(), right);
  axis[0] = '0';
  text += std::string(margin + 2, ' ') + axis + "\n";
  text += "c rent, o own" + (std::isinf(report.hours) ? std::string(": they do not meet within a year")
                                                      : fmt::format(", X where they meet: {} a year", show("hours", std::round(report.hours))));
  return text + "\n";
}

std::string plot_svg(const BreakEvenReport& report) {
  const Curves curves = curves_of(report);
  constexpr double k_left = 80, k_top = 50, k_width = 600, k_height = 320;
  const auto x = [&](double hours) { return k_left + hours / k_hours_per_year * k_width; };
  const auto y = [&](double usd) { return k_top + (1 - usd / curves.most) * k_height; };
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 430\" font-family=\"sans-serif\" font-size=\"13\">\n"
      "<rect width=\"720\" height=\"430\" fill=\"white\"/>\n";
  svg += fmt::format("<text x=\"{}\" y=\"28\" font-size=\"16\">Own or rent: {}</text>\n", k_left, escaped(report.name));
  for (int tick = 0; tick <= 4; ++tick) {
    const double usd = curves.most * tick / 4;
    svg += fmt::format("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"#ddd\"/>"
                       "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
                       k_left, k_left + k_width, y(usd), k_left - 8, y(usd) + 4, show("usd", usd));
    const double hours = k_hours_per_year * tick / 4;
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", x(hours), k_top + k_height + 20, show("", hours));
  }
  const auto line = [&](double at_0, double at_end, const char* color, const char* name, double shift) {
    svg += fmt::format("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"2\"/>"
                       "<text x=\"{}\" y=\"{:.1f}\" fill=\"{}\" text-anchor=\"end\">{}</text>\n",
                       x(0), y(at_0), x(k_hours_per_year), y(at_end), color, k_left + k_width - 4, y(at_end) + shift, color, name);
  };
  const double own_end = curves.own(k_hours_per_year), cloud_end = curves.cloud(k_hours_per_year);
  line(curves.cloud(0), cloud_end, "#c0392b", "rent", cloud_end > own_end ? -8 : 18);
  line(curves.own(0), own_end, "#2471a3", "own", cloud_end > own_end ? 18 : -8);
  if (!std::isinf(report.hours))
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/><text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                       x(report.hours), y(curves.cloud(report.hours)), x(report.hours) + 8,
                       y(curves.cloud(report.hours)) + 16, show("hours", std::round(report.hours)));
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">hours in use a year (US dollars a year, one device)</text>\n</svg>\n",
                     k_left + k_width / 2, k_top + k_height + 42);
  return svg;
}

}  // namespace hardscape::cost
