// The `predict` command as functions: one model or many on a machine, curves over context, tables of rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hardscape/api_speed_rows.hpp"
#include "hardscape/catalogue.hpp"
#include "hardscape/document.hpp"
#include "hardscape/evidence.hpp"
#include "hardscape/machine.hpp"
#include "hardscape/model_memory.hpp"
#include "hardscape/model_shape.hpp"
#include "hardscape/predict.hpp"

namespace hardscape {

// A model that no record describes: a file, or a configuration in some quantisation.
struct OwnModel {
  ModelShape shape;
  ModelWeights weights;
  std::string quant;
};

struct PredictRequest {
  std::vector<std::string> models;             // as people write them, a quantisation at their end or none; "all": the whole catalogue
  std::vector<OwnModel> own;                   // told after those
  std::vector<std::string> quants;             // of models whose name has none; empty: the usual one of each
  std::string device;                          // "gpu0", "cpu0"; empty: the fastest
  std::string backend;                         // empty: the usual one
  std::vector<double> contexts{4096};          // tokens in the context; several make a curve
  bool only_own_context = false;               // leave out contexts longer than a model has
  double prompt = 512;                         // tokens, for prefill and time to first token
  int concurrency = 1;
  double kv_bytes_per_element = 2;
};

struct Predicted {
  std::string machine;
  std::string model;
  std::string quant;
  std::string device;
  std::string backend;
  std::string way;                             // the same with its split: "vLLM, tensor parallel over 2 devices"
  double context = 0;
  int devices = 1;                             // that the prediction uses
  int of_devices = 1;                          // that the machine has
  double host_share = 0;                       // of the weights that stays in host memory
  std::optional<Speed> decode;
  std::optional<Speed> prefill;
  std::optional<Estimate> first_token_s;
  std::optional<Serving> serving;              // with concurrency above 1
  std::string reason;                          // why there is nothing; empty otherwise
  std::vector<EvidenceUse> evidence;           // measurements of this machine that the numbers rest on
};

// Models x quantisations x contexts on one machine. An unknown model, back end or device is an error; what does not
// fit or cannot be told is a result with a reason.
Result<std::vector<Predicted>> predict_on(const Machine& machine, std::string_view machine_name, const Catalogue& catalogue,
                                          const PredictRequest& request, const Evidence& evidence = {});

// The document hardscape.predict/1. With `explain`, the terms of every estimate.
std::string to_json(const std::vector<Predicted>& results, bool explain);
Document predict_document(const std::vector<Predicted>& results, bool explain);

// Adds predicted_low, predicted_mid, predicted_high, bound and reason to every row of a table whose header has
// hardware, backend, model and test at least; further columns are kept. Errors name `place` and the line.
Result<std::string> predict_batch(std::string_view csv, std::string_view place, SpeedRowResolver& resolver);

}  // namespace hardscape
