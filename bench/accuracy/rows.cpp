#include <fmt/format.h>

#include <cmath>

#include "report.hpp"

namespace hardscape::accuracy {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string{"\"\""} : std::string{c};
  return out + "\"";
}

}  // namespace

std::string rows_as_csv(const Samples& samples, const std::vector<bool>& inside) {
  std::string out =
      "phase,class,trusted,fold,hardware,count,device,architecture,bandwidth,vector,matrix,backend_text,backend,fused,model,"
      "record,quant,kind,params,read_params,weight_bytes,layers,hidden,experts,shape_assumed,test,context,tokens,measured,"
      "ratio,calibrated,inside,grade,source,flag,weight,micro,attention_layers,attention_width,"
      "window_layers,window_width,window_tokens,kv_per_token,kv_window,recurrent,experts_total,experts_active,expert_bytes,read_bytes,"
      "lanes,tensor,link,link_latency,devices\n";
  for (std::size_t i = 0; i < samples.rows.size(); ++i) {
    const auto& s = samples.rows[i];
    const auto& q = s.question;
    const auto& d = s.device();
    out += fmt::format("{},{},{:d},{},{},{},{},{},{:.4g},{:.4g},{:.4g},{},{},{:d},{},", q.prefill ? "prefill" : "decode",
                       s.device_class, s.trusted, s.fold, quoted(s.row->hardware), s.row->count, q.device_ids.front(),
                       d.architecture == nullptr ? "" : d.architecture->id, d.bandwidth.value, d.vector.value, d.matrix.value,
                       quoted(s.row->backend), q.backend.id, q.backend.fused_attention, quoted(s.row->model));
    out += fmt::format("{},{},{},{:.5g},{:.5g},{:.5g},{},{:.5g},{:d},{:d},{},{},{},{:.5g},", quoted(q.model.name),
                       quoted(s.row->quant), to_string(q.model.weights), q.model.params, q.model.read_params,
                       q.model.weight_bytes, q.model.layers, q.model.hidden, q.model.experts, q.model.shape_assumed,
                       s.row->test, q.work.context, q.work.tokens, s.row->tokens_per_s);
    out += fmt::format("{:.5f},{:.5f},{:d},{},{},{},", s.log_ratio, s.calibrated, static_cast<bool>(inside[i]),
                       s.row->source->grade, quoted(s.row->source->url), quoted(s.row->flag));
    out += fmt::format("{:.4g},{},{},{},{},{},{},{:.6g},{:.6g},{:.6g},{},{},{:.5g},{:.5g},{},{:d},{:.4g},{:.4g},{}\n", s.weight,
                       q.backend.micro_batch, q.model.attention_layers, q.model.attention_width, q.model.window_layers,
                       q.model.window_width, q.model.kv_window_tokens, q.model.kv_bytes_per_token, q.model.kv_window_bytes,
                       q.model.recurrent_bytes, q.model.experts_total, q.model.experts_active, q.model.expert_bytes, q.model.read_bytes,
                       d.architecture == nullptr ? 0 : d.architecture->lanes, q.split.kind == SplitKind::tensor,
                       d.link.value, d.link_latency.value, q.devices.size());
  }
  return out;
}

}  // namespace hardscape::accuracy
